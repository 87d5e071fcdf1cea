# ReadWriteTest: what was read can be written to storage and read back.
#
# Made by glue-connector; it runs as a Glue job as it is. It prints its result
# as one line of JSON. Job parameters, which may all be missing:
#   --nonce    is printed before the result
#   --result   where the result is written besides: s3://... or a file
#   --scratch  a folder for the data that the script writes
import json
import sys
import time

from awsglue.context import GlueContext
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

CONNECTION_TYPE = "custom.jdbc"
OPTIONS = {
    "className": "org.postgresql.Driver",
    "url": "jdbc:postgresql://db.example.com:5432/shop",
    "dbTable": "orders",
    "secretId": "shop/orders",
}

started = time.time()
args = getResolvedOptions(sys.argv, [p for p in ("nonce", "result", "scratch") if "--" + p in sys.argv])
glue = GlueContext(SparkContext.getOrCreate())
result = {"nonce": args.get("nonce", ""), "test": "ReadWriteTest"}


def read(options):
    frame = glue.create_dynamic_frame.from_options(connection_type=CONNECTION_TYPE, connection_options=options)
    return frame.toDF()


def test():
    data = read(OPTIONS)
    result["schema"] = [{"name": f.name, "type": f.dataType.simpleString()} for f in data.schema.fields]
    result["partitions"] = data.rdd.getNumPartitions()
    result["count"] = data.count()
    place = args["scratch"].rstrip("/") + "/" + result["test"]
    data.write.mode("overwrite").parquet(place)
    result["back"] = glue.spark_session.read.parquet(place).count()


def tell():
    result["seconds"] = round(time.time() - started, 3)
    line = json.dumps(result)
    print("\nglue-connector-result:" + result["nonce"] + " " + line, flush=True)
    place = args.get("result", "")
    if place.startswith("s3://"):
        import boto3

        bucket, key = place[len("s3://"):].split("/", 1)
        boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=line.encode())
    elif place:
        with open(place, "w") as f:
            f.write(line)


try:
    test()
except Exception as e:
    result["error"] = (type(e).__name__ + ": " + str(e))[:20000]
    tell()
    raise
tell()
