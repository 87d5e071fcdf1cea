package glue

import "testing"

func TestNames(t *testing.T) {
	for _, test := range []struct{ name, scala, spark string }{
		{"spark-redshift_2.12-4.2.0.jar", "2.12", ""},
		{"spark-redshift_2.12-6.3.0-spark_3.5.jar", "2.12", "3.5"},
		{"elasticsearch-spark-30_2.13-8.11.0.jar", "2.13", ""},
		{"elasticsearch-spark-20_2.11-7.17.9.jar", "2.11", ""},
		{"opensearch-spark-30_2.12-1.2.0.jar", "2.12", ""},
		{"spark-snowflake_2.12-2.9.1-spark_3.1.jar", "2.12", "3.1"},
		{"spark-snowflake_2.11-2.8.1-spark_2.4.jar", "2.11", "2.4"},
		{"spark-snowflake_2.12-3.1.1.jar", "2.12", ""},
		{"snowflake-jdbc-3.13.30.jar", "", ""},
		{"delta-core_2.12", "2.12", ""},
		{"delta-spark_2.13-4.0.0.jar", "2.13", ""},
		{"delta-spark_4.0_2.13-4.1.0.jar", "2.13", "4.0"},
		{"delta-storage-3.3.0.jar", "", ""},
		{"iceberg-spark-runtime-3.5_2.12-1.7.1.jar", "2.12", "3.5"},
		{"iceberg-spark-runtime-4.0_2.13-1.10.0.jar", "2.13", "4.0"},
		{"iceberg-spark3-runtime-0.13.1.jar", "", "3"},
		{"hudi-spark3.5-bundle_2.12-0.15.0.jar", "2.12", "3.5"},
		{"hudi-spark3-bundle_2.12-0.10.1.jar", "2.12", "3"},
		{"hudi-spark-bundle_2.11-0.10.1.jar", "2.11", ""},
		{"hudi-spark3.2.x_2.12-0.12.0.jar", "2.12", "3.2"},
		{"clickhouse-spark-runtime-3.5_2.12-0.8.1.jar", "2.12", "3.5"},
		{"clickhouse-jdbc-0.6.0-all.jar", "", ""},
		{"sedona-spark-shaded-3.5_2.12-1.6.1.jar", "2.12", "3.5"},
		{"starrocks-spark-connector-3.3_2.12-1.1.2.jar", "2.12", "3.3"},
		{"spark-doris-connector-3.3_2.12-1.3.2.jar", "2.12", "3.3"},
		{"spark-doris-connector-spark-3.5-25.0.0.jar", "", "3.5"},
		{"spark-bigquery-with-dependencies_2.12-0.32.2.jar", "2.12", ""},
		{"spark-3.5-bigquery-0.36.1.jar", "", "3.5"},
		{"spark-2.4-bigquery-0.34.0.jar", "", "2.4"},
		{"spark-cassandra-connector_2.12-3.5.0.jar", "2.12", ""},
		{"spark-cassandra-connector-assembly_2.13-3.5.1.jar", "2.13", ""},
		{"mongo-spark-connector_2.12-10.3.0.jar", "2.12", ""},
		{"mongo-spark-connector_2.11-2.4.4.jar", "2.11", ""},
		{"azure-cosmos-spark_3-5_2-12-4.33.0.jar", "2.12", "3.5"},
		{"azure-cosmos-spark_4-0_2-13-4.42.0.jar", "2.13", "4.0"},
		{"spark-mssql-connector_2.12-1.3.0-BETA.jar", "2.12", ""},
		{"mssql-jdbc-10.2.0.jre8.jar", "", ""},
		{"vertica-spark-3.3.5.jar", "", ""},
		{"vertica-spark-3.3.5-slim.jar", "", ""},
		{"singlestore-spark-connector_2.12-4.1.8-spark-3.5.0.jar", "2.12", "3.5"},
		{"neo4j-connector-apache-spark_2.12-5.3.1_for_spark_3.jar", "2.12", "3"},
		{"neo4j-connector-apache-spark_2.12-4.1.2_for_spark_2.4.jar", "2.12", "2.4"},
		{"aerospike-spark-4.5.0_spark3.3_2.12-clientunshaded.jar", "2.12", "3.3"},
		{"phoenix5-spark3-shaded-6.0.0.7.2.17.0-334.jar", "", "3"},
		{"spark-sql-kinesis_2.12-1.2.0_spark-3.0.jar", "2.12", "3.0"},
		{"rapids-4-spark_2.12-23.10.0-cuda11.jar", "2.12", ""},
		{"tispark-assembly-3.3_2.12-3.1.3.jar", "2.12", "3.3"},
		{"spark-sql-kafka-0-10_2.12-3.5.6.jar", "2.12", ""},
		{"spark-avro_2.13-4.1.1.jar", "2.13", ""},
		{"spark-excel_2.12-3.5.0_0.20.3.jar", "2.12", ""},
		{"jackson-module-scala_2.12-2.15.2.jar", "2.12", ""},
		{"kafka_2.13-3.6.0.jar", "2.13", ""},
		{"semanticdb-scalac_2.12.18-4.8.4.jar", "2.12", ""},
		{"scala-library-2.12.18.jar", "2.12", ""},
		{"scala-reflect-2.13.17.jar", "2.13", ""},
		{"scala-collection-compat_2.12-2.11.0.jar", "2.12", ""},
		{"scala-xml_2.11-1.0.6.jar", "2.11", ""},
		{"cats-core_3-2.10.0.jar", "", ""},
		{"postgresql-42.7.3.jar", "", ""},
		{"mysql-connector-j-8.0.33.jar", "", ""},
		{"ImpalaJDBC42_2.6.26.jar", "", ""},
		{"SparkJDBC42_2.6.22.jar", "", ""},
		{"joda-time-2.12.5.jar", "", ""},
		{"foo-2.12.jar", "", ""},
		{"foo_2.12.1.jar", "", ""},
		{"foo_2.1-1.0.jar", "", ""},
		{"foo_2.120-1.0.jar", "", ""},
		{"foo_2.12-for_2.13-1.0.jar", "", ""},
		{"jars/lib/spark-redshift_2.12-4.2.0.JAR", "2.12", ""},
		{"hadoop-aws-3.4.1.jar", "", ""},
		{"spark-3.5.6.jar", "", ""},
		{"acme-spark-3.5.jar", "", ""},
		{"", "", ""},
	} {
		if got, ok := ScalaOf(test.name); got != test.scala || ok != (test.scala != "") {
			t.Errorf("%s: Scala %q, want %q", test.name, got, test.scala)
		}
		if got, ok := SparkOf(test.name); got != test.spark || ok != (test.spark != "") {
			t.Errorf("%s: Spark %q, want %q", test.name, got, test.spark)
		}
	}
	for version, want := range map[string]string{"2.12.18": "2.12", "2.13.17": "2.13", "2.11": "2.11", "3.3.1": "", "2.1.2": "", "2.130.0": "", "": ""} {
		if got, ok := ScalaBinary(version); got != want || ok != (want != "") {
			t.Errorf("ScalaBinary(%s) = %q", version, got)
		}
	}
}
