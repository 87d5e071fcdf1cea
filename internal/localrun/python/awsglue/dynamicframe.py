class DynamicFrame:
    """A DataFrame under another name: each record has the frame's schema."""

    def __init__(self, df, glue_ctx, name=""):
        self._df, self.glue_ctx, self.name = df, glue_ctx, name

    @staticmethod
    def fromDF(dataframe, glue_ctx, name):
        return DynamicFrame(dataframe, glue_ctx, name)

    def toDF(self, options=None):
        return self._df

    def count(self):
        return self._df.count()

    def schema(self):
        return self._df.schema

    def printSchema(self):
        self._df.printSchema()

    def show(self, num_rows=20):
        self._df.show(num_rows)

    def getNumPartitions(self):
        return self._df.rdd.getNumPartitions()

    def errorsCount(self):
        return 0
