"""Says what Spark makes of names: DataSource.lookupDataSource in a session.

Each line of the file argv[1] is {"name": ..., "jars": [...], "load": bool}; a
line of the file argv[2] answers it: {"class": ..., "ours": bool, "source":
bool} or {"error": ...}. The jars of a question are in a class loader of their own,
below Spark's, as the jars of spark-submit --jars are.
"""

import json
import sys

from py4j.java_gateway import is_instance_of
from py4j.protocol import Py4JJavaError
from pyspark.errors.exceptions.captured import CapturedException
from pyspark.sql import SparkSession

# What DataSource.resolveRelation, createSource, createSink and
# lookupDataSourceV2 match on.
INTERFACES = [
    "org.apache.spark.sql.sources.RelationProvider",
    "org.apache.spark.sql.sources.SchemaRelationProvider",
    "org.apache.spark.sql.sources.CreatableRelationProvider",
    "org.apache.spark.sql.sources.StreamSourceProvider",
    "org.apache.spark.sql.sources.StreamSinkProvider",
    "org.apache.spark.sql.execution.datasources.FileFormat",
    "org.apache.spark.sql.connector.catalog.TableProvider",
]


def main(questions, answers):
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.catalogImplementation", "in-memory")
        .getOrCreate()
    )
    oracle = Oracle(spark)
    with open(questions) as lines, open(answers, "w") as out:
        for line in lines:
            print(json.dumps(oracle.answer(**json.loads(line))), file=out)
    spark.stop()


class Oracle:
    def __init__(self, spark):
        self.spark, self.jvm, self.gateway = spark, spark._jvm, spark.sparkContext._gateway
        self.thread = self.jvm.java.lang.Thread.currentThread()
        self.parent = self.thread.getContextClassLoader()
        self.loaders = {}

    def loader(self, jars):
        key = tuple(jars)
        if key not in self.loaders:
            urls = self.gateway.new_array(self.jvm.java.net.URL, len(jars))
            for i, jar in enumerate(jars):
                urls[i] = self.jvm.java.io.File(jar).toURI().toURL()
            self.loaders[key] = self.jvm.org.apache.spark.util.MutableURLClassLoader(urls, self.parent)
        return self.loaders[key]

    def answer(self, name, jars, load):
        self.thread.setContextClassLoader(self.loader(jars))
        try:
            return self.look_up(name, load)
        except Py4JJavaError as e:
            error = e.java_exception
            while error.getCause() is not None and error.getClass().getName().startswith("java.lang.reflect."):
                error = error.getCause()
            return {"error": f"{error.getClass().getName()}: {error.getMessage()}"}
        except CapturedException as e:
            return {"error": f"{type(e).__name__}: {e}"}
        finally:
            self.thread.setContextClassLoader(self.parent)

    def look_up(self, name, load):
        source = self.jvm.org.apache.spark.sql.execution.datasources.DataSource
        found = source.lookupDataSource(name, self.spark._jsparkSession.sessionState().conf())
        nothing = self.gateway.new_array(self.jvm.java.lang.Class, 0)
        instance = found.getConstructor(nothing).newInstance(self.gateway.new_array(self.jvm.java.lang.Object, 0))
        answer = {
            "class": found.getName(),
            # Not by a name, but by a class of the jars.
            "ours": found.getClassLoader() is not None and found.getClassLoader().equals(self.thread.getContextClassLoader()),
            "source": any(is_instance_of(self.gateway, instance, i) for i in INTERFACES),
        }
        if load:
            self.spark._jsparkSession.read().format(name).load()
        return answer


main(*sys.argv[1:])
