from pyspark.sql import SparkSession

from awsglue import connector
from awsglue.dynamicframe import DynamicFrame


class GlueContext:
    def __init__(self, sparkContext, **options):
        self.spark_session = SparkSession.builder.getOrCreate()
        self.create_dynamic_frame = DynamicFrameReader(self)
        self.write_dynamic_frame = DynamicFrameWriter(self)

    @property
    def sparkSession(self):
        return self.spark_session

    def get_logger(self):
        return self.spark_session._jvm.org.apache.log4j.LogManager.getLogger("GlueLogger")

    def create_dynamic_frame_from_options(self, connection_type, connection_options={}, format=None, format_options={}, transformation_ctx="", **kwargs):
        return DynamicFrame(connector.read(self.spark_session, connection_type, connection_options), self, transformation_ctx)

    def create_data_frame_from_options(self, connection_type, connection_options={}, format=None, format_options={}, transformation_ctx="", **kwargs):
        return connector.read(self.spark_session, connection_type, connection_options)

    def write_dynamic_frame_from_options(self, frame, connection_type, connection_options={}, format=None, format_options={}, transformation_ctx=""):
        connector.write(frame.toDF(), connection_type, connection_options)
        return frame


class DynamicFrameReader:
    def __init__(self, glue_context):
        self._glue_context = glue_context

    def from_options(self, connection_type, connection_options={}, format=None, format_options={}, transformation_ctx="", push_down_predicate="", **kwargs):
        return self._glue_context.create_dynamic_frame_from_options(connection_type, connection_options)


class DynamicFrameWriter:
    def __init__(self, glue_context):
        self._glue_context = glue_context

    def from_options(self, frame, connection_type, connection_options={}, format=None, format_options={}, transformation_ctx=""):
        return self._glue_context.write_dynamic_frame_from_options(frame, connection_type, connection_options)
