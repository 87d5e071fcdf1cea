package trial_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"glue-connector/internal/trial"
)

// logs are lines as they stand in logs, and what they mean. Sources: glue-facts
// 2.2, 8 and 11; issues of awslabs/aws-glue-libs (#132, #145, #195) and others;
// runs of Spark 3.3 and 3.5 with drivers of Debian and Maven Central.
var logs = []struct{ log, line, what string }{
	{
		"2024-01-01 - root - ERROR - Glue ETL Marketplace - failed\nTraceback (most recent call last):\n  File \"unpack.py\", line 3\nKeyError: 'layers'\nLAUNCH ERROR | Glue ETL Marketplace - failed to download connector. Please refer to the logs for details.",
		"KeyError: 'layers'", "Glue's unpacker found an index in place of an image",
	},
	{"gzip.BadGzipFile: Not a gzipped file (b'\\x28\\xb5')", "gzip.BadGzipFile", "Glue's unpacker met a layer that is not gzip"},
	{"ValueError: malformed registry, correct pattern is https://aws_account_id.dkr.ecr.region.amazonaws.com", "ValueError", "Glue's unpacker does not take the image's URL"},
	{"shop is not a CUSTOM or Marketplace connection, skip jar downloading for it", "shop is not a CUSTOM", "the connection is no connection of a connector"},
	{
		"botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: \"https://api.ecr.us-east-1.amazonaws.com/\"",
		"botocore", "there is no route to Amazon ECR",
	},
	{
		"HTTPSConnectionPool(host='709825985650.dkr.ecr.us-east-1.amazonaws.com', port=443): Max retries exceeded with url: /v2/ (Caused by ConnectTimeoutError(...))",
		"HTTPSConnectionPool", "there is no route to Amazon ECR",
	},
	{
		"An error occurred (AccessDeniedException) when calling the GetSecretValue operation: User: arn:aws:sts::123456789012:assumed-role/gcv-job/x is not authorized to perform: secretsmanager:GetSecretValue on resource: shop/orders",
		"An error occurred", "AWS refuses secretsmanager:GetSecretValue",
	},
	{"com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)", "com.amazonaws", "AWS refuses access"},
	{"botocore.errorfactory.ResourceNotFoundException: Secrets Manager can't find the specified secret.", "botocore", "there is no such secret"},
	{"com.amazonaws.services.glue.model.EntityNotFoundException: Connection shop not found.", "com.amazonaws", "there is no such connection"},
	{
		"py4j.protocol.Py4JJavaError: An error occurred while calling o1.getSource.\n: java.lang.UnsupportedClassVersionError: com/acme/Driver has been compiled by a more recent version of the Java Runtime (class file version 61.0), this version of the Java Runtime only recognizes class file versions up to 52.0\n\tat java.lang.ClassLoader.defineClass1(Native Method)",
		"java.lang.UnsupportedClassVersionError", "a class is compiled for a newer Java than the job has",
	},
	{"java.util.ServiceConfigurationError: org.apache.spark.sql.sources.DataSourceRegister: Provider x.Y not found", "java.util", "a service file in a jar names a class that cannot be loaded"},
	{"java.lang.SecurityException: Invalid signature file digest for Manifest main attributes", "java.lang", "a jar carries the signature of another one"},
	{"pyspark.sql.utils.AnalysisException: Multiple sources found for acme (a.A, b.B), please specify the fully qualified class name.", "pyspark", "two data sources have the same alias"},
	{
		": java.lang.ClassNotFoundException: \nFailed to find data source: acme. Please find packages at\nhttps://spark.apache.org/third-party-projects.html\n\nCaused by: java.lang.ClassNotFoundException: acme.DefaultSource",
		"Failed to find data source: acme. Please", "Spark finds no data source acme",
	},
	{
		": org.apache.spark.SparkClassNotFoundException: [DATA_SOURCE_NOT_FOUND] Failed to find the data source: com.acme.spark. Please find packages at `https://x`.\nCaused by: java.lang.ClassNotFoundException: com.acme.spark.DefaultSource",
		"org.apache.spark", "Spark finds no data source com.acme.spark",
	},
	{"Caused by: java.lang.ClassNotFoundException: com.acme.Driver\n\tat java.net", "Caused by: java.lang.ClassNotFoundException: com.acme.Driver", "class com.acme.Driver is not found"},
	{"java.lang.NoClassDefFoundError: com/acme/Helper", "java.lang", "class com/acme/Helper is not found"},
	{"java.lang.NoSuchMethodError: scala.Predef$.refArrayOps([Ljava/lang/Object;)Lscala/collection/mutable/ArrayOps;", "java.lang", "the connector is built for another Scala"},
	{"java.lang.NoSuchMethodError: 'com.fasterxml.jackson.core.JsonFactory x()'", "java.lang", "a library has another version than the connector was built with"},
	{"java.sql.SQLException: No suitable driver", "java.sql", "no driver takes the JDBC URL"},
	{`org.postgresql.util.PSQLException: FATAL: password authentication failed for user "shop"`, "org.postgresql", "the data source refuses the credentials"},
	{"java.sql.SQLException: Access denied for user 'shop'@'10.0.0.1' (using password: YES)", "java.sql", "the data source refuses the credentials"},
	{"Caused by: java.net.UnknownHostException: db.example.invalid", "Caused by", "the data source's host has no address"},
	{"org.postgresql.util.PSQLException: Connection to 127.0.0.1:5432 refused. Check that the hostname and port are correct", "org.postgresql", "the data source cannot be reached"},
	{`org.postgresql.util.PSQLException: ERROR: relation "orders" does not exist`, "org.postgresql", "there is no such table"},
	{"ERROR: permission denied for table orders", "ERROR", "the data source refuses the user"},
	{"ModuleNotFoundError: No module named 'awsglue'", "ModuleNotFoundError", "Python module awsglue is missing"},
	{"java.lang.OutOfMemoryError: Java heap space", "java.lang", "the memory is not enough"},
	{"WARNING - found no connector jars from https://x provided by shop, please contact AWS support", "WARNING", "Glue's unpacker found no jars in the image"},
	{"LAUNCH ERROR | Glue ETL Marketplace - failed to download connector.", "LAUNCH ERROR", "Glue could not start the job"},
}

func TestDiagnose(t *testing.T) {
	said := map[string]bool{}
	for _, tt := range logs {
		log := "24/01/01 12:00:00 INFO SparkContext: Running\n" + tt.log + "\n24/01/01 INFO ShutdownHookManager: deleting\n"
		c, ok := trial.Diagnose(log)
		if !ok || c.What != tt.what || !strings.HasPrefix(c.Line, tt.line) || c.Advice == "" {
			t.Errorf("%q: %v %+v", tt.log, ok, c)
		}
		said[c.What] = true
	}
	for _, what := range trial.Failures() {
		head, _, _ := strings.Cut(what, "$")
		if !slices.ContainsFunc(logs, func(l struct{ log, line, what string }) bool { return strings.HasPrefix(l.what, head) }) {
			t.Errorf("no log has: %s", what)
		}
	}
	for _, log := range []string{"", "24/01/01 INFO SparkContext: Running Spark version 3.5.6", "all is well"} {
		if c, ok := trial.Diagnose(log); ok {
			t.Errorf("%q: %+v", log, c)
		}
	}
}

// A password in a line is not shown, and a line has an end.
func TestDiagnoseMasks(t *testing.T) {
	c, _ := trial.Diagnose("x\nNo suitable driver for jdbc:oracle:thin:u/hunter2@h jdbc:acme://u:hunter2@h/?user=u&password=hunter2;token='hunter2' " + strings.Repeat("y", 10_000))
	if strings.Contains(c.Line, "hunter2") || len(c.Line) > 500 || !strings.Contains(c.Line, "jdbc:acme://u:***@h/?user=u&password=***") {
		t.Errorf("%q", c.Line)
	}
}

// A hostile log takes eight times as long if it is eight times as long, and not 64.
func TestDiagnoseIsLinear(t *testing.T) {
	for _, part := range []string{"ecr connect timed out ", "DriverManager", "://:", "password=", "\n", "ConnectTimeoutError", "Connect to "} {
		took := func(size int) time.Duration {
			log, least := strings.Repeat(part, size/len(part)), time.Hour
			for range 3 {
				began := time.Now()
				trial.Diagnose(log)
				least = min(least, time.Since(began))
			}
			return least
		}
		if short, long := took(8<<10), took(64<<10); long > 32*short {
			t.Errorf("%q: %v, and %v for eight times as much", part, short, long)
		}
	}
}
