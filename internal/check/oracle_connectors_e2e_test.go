//go:build e2e

package check

import "strings"

// published is a connector as its publisher has it: what is on Maven Central,
// or in a package of Debian.
type published struct {
	// jars are group:artifact:version[:packaging:classifier], or the path of a
	// jar that a package of Debian has.
	jars []string
	kind string // connectortype
	// names lead Glue to class, all of them.
	names []string
	class string
	// loads has an answer for each Glue version in service, oldest first: + is
	// yes, - is no; a . says that reality leaves it open.
	loads string
	// asked are the Glue versions to judge for, where none in service is right;
	// loads is then about those.
	asked []string
}

const debian = "/usr/share/java/"

// jdbcConnectors: what they are for is what their classes are compiled for,
// since a driver uses Java alone. Glue 3.0 and 4.0 have Java 8 (class-file
// version 52), later ones Java 17 (61).
var jdbcConnectors = []published{
	driver("com.mysql:mysql-connector-j:8.4.0", "com.mysql.cj.jdbc.Driver", "+++++"),
	driver("com.microsoft.sqlserver:mssql-jdbc:13.2.1.jre8", "com.microsoft.sqlserver.jdbc.SQLServerDriver", "+++++"),
	driver("com.microsoft.sqlserver:mssql-jdbc:13.2.1.jre11", "com.microsoft.sqlserver.jdbc.SQLServerDriver", "--+++"),
	driver("com.oracle.database.jdbc:ojdbc8:23.4.0.24.05", "oracle.jdbc.OracleDriver", "+++++"),
	driver("com.oracle.database.jdbc:ojdbc11:23.4.0.24.05", "oracle.jdbc.OracleDriver", "--+++"),
	driver("io.trino:trino-jdbc:435", "io.trino.jdbc.TrinoDriver", "+++++"),
	driver("org.mariadb.jdbc:mariadb-java-client:3.5.7", "org.mariadb.jdbc.Driver", "+++++"),
	driver("org.mariadb.jdbc:mariadb-java-client:4.0.0", "org.mariadb.jdbc.Driver", "--+++"),
	driver("com.amazon.redshift:redshift-jdbc42:2.1.0.30", "com.amazon.redshift.Driver", "+++++"),
	driver("com.clickhouse:clickhouse-jdbc:0.4.6:jar:all", "com.clickhouse.jdbc.ClickHouseDriver", "+++++"),
	driver("net.snowflake:snowflake-jdbc:3.13.30", "net.snowflake.client.jdbc.SnowflakeDriver", "+++++"),
	driver("org.postgresql:postgresql:42.7.7", "org.postgresql.Driver", "+++++"),
	driver("com.h2database:h2:1.4.200", "org.h2.Driver", "+++++"),
	driver("org.hsqldb:hsqldb:2.7.2", "org.hsqldb.jdbc.JDBCDriver", "--+++"),
	driver("com.ibm.db2:jcc:11.5.9.0", "com.ibm.db2.jcc.DB2Driver", "+++++"),
	driver("com.sap.cloud.db.jdbc:ngdbc:2.20.17", "com.sap.db.jdbc.Driver", "+++++"),
	driver("com.exasol:exasol-jdbc:24.1.0", "com.exasol.jdbc.EXADriver", "+++++"),
	driver("com.vertica.jdbc:vertica-jdbc:24.1.0-0", "com.vertica.jdbc.Driver", "+++++"),
	driver("com.singlestore:singlestore-jdbc-client:1.2.3", "com.singlestore.jdbc.Driver", "+++++"),
	driver("net.sourceforge.jtds:jtds:1.3.1", "net.sourceforge.jtds.jdbc.Driver", "+++++"),
	driver("org.apache.derby:derbyclient:10.14.2.0", "org.apache.derby.jdbc.ClientDriver", "+++++"),
	driver(debian+"postgresql.jar", "org.postgresql.Driver", "....."),
	driver(debian+"mariadb-java-client.jar", "org.mariadb.jdbc.Driver", "....."),
	driver(debian+"hsqldb.jar", "org.hsqldb.jdbc.JDBCDriver", "....."),
	driver(debian+"h2.jar", "org.h2.Driver", "....."),
	driver(debian+"sqlite-jdbc.jar", "org.sqlite.JDBC", "....."),
	driver(debian+"derbyclient.jar", "org.apache.derby.jdbc.ClientDriver", "....."),
}

func driver(jar, class, loads string) published {
	return published{jars: []string{jar}, kind: "JDBC", names: []string{class}, class: class, loads: loads}
}

// String is the first jar's name.
func (p published) String() string {
	return strings.TrimSuffix(p.jars[0][strings.LastIndex(p.jars[0], "/")+1:], ".jar")
}

// sparkConnectors: what they are for is what their publishers say, Spark and
// Scala. Glue 3.0 has Spark 3.1, 4.0 has 3.3, 5.0 and 5.1 have 3.5, all with
// Scala 2.12; 6.0 has Spark 4.1 with Scala 2.13.
var sparkConnectors = []published{
	{
		jars: append([]string{"org.mongodb.spark:mongo-spark-connector_2.12:10.5.0"}, mongoDriver...), kind: "Spark",
		names: []string{"mongodb", "MongoDB", "com.mongodb.spark.sql.connector.MongoTableProvider"},
		class: "com.mongodb.spark.sql.connector.MongoTableProvider", loads: "++++-",
	},
	{
		jars: append([]string{"org.mongodb.spark:mongo-spark-connector_2.13:10.5.0"}, mongoDriver...), kind: "Spark",
		names: []string{"mongodb", "com.mongodb.spark.sql.connector.MongoTableProvider"},
		class: "com.mongodb.spark.sql.connector.MongoTableProvider", loads: "----+",
	},
	{
		jars: []string{"net.snowflake:spark-snowflake_2.12:2.16.0-spark_3.4", "net.snowflake:snowflake-jdbc:3.13.30"}, kind: "Spark",
		names: []string{"snowflake", "net.snowflake.spark.snowflake", "net.snowflake.spark.snowflake.DefaultSource"},
		class: "net.snowflake.spark.snowflake.DefaultSource", loads: "....-",
	},
	{
		jars: []string{"net.snowflake:spark-snowflake_2.12:3.0.0", "net.snowflake:snowflake-jdbc:3.13.30"}, kind: "Spark",
		names: []string{"snowflake", "net.snowflake.spark.snowflake"},
		class: "net.snowflake.spark.snowflake.DefaultSource", loads: ".+++-",
	},
	{
		jars: []string{"com.datastax.spark:spark-cassandra-connector_2.12:3.5.1"}, kind: "Spark",
		names: []string{"org.apache.spark.sql.cassandra", "org.apache.spark.sql.cassandra.DefaultSource"},
		class: "org.apache.spark.sql.cassandra.DefaultSource", loads: "..++-",
	},
	{
		jars: []string{"com.datastax.spark:spark-cassandra-connector_2.13:3.5.1"}, kind: "Spark",
		names: []string{"org.apache.spark.sql.cassandra"},
		class: "org.apache.spark.sql.cassandra.DefaultSource", loads: "----.",
	},
	{
		jars: []string{"io.delta:delta-core_2.12:2.4.0", "io.delta:delta-storage:3.3.2"}, kind: "Spark",
		names: []string{"delta", "org.apache.spark.sql.delta.sources.DeltaDataSource"},
		class: "org.apache.spark.sql.delta.sources.DeltaDataSource", loads: "....-",
	},
	{
		jars: []string{"io.delta:delta-spark_2.12:3.3.2", "io.delta:delta-storage:3.3.2"}, kind: "Spark",
		names: []string{"delta", "Delta", "org.apache.spark.sql.delta.sources.DeltaDataSource"},
		class: "org.apache.spark.sql.delta.sources.DeltaDataSource", loads: "..++-",
	},
	{
		jars: []string{"io.delta:delta-spark_2.13:4.0.0", "io.delta:delta-storage:3.3.2"}, kind: "Spark",
		names: []string{"delta", "org.apache.spark.sql.delta.sources.DeltaDataSource"},
		class: "org.apache.spark.sql.delta.sources.DeltaDataSource", loads: "----.",
	},
	{
		jars: []string{"org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.6.1"}, kind: "Spark",
		names: []string{"iceberg", "org.apache.iceberg.spark.source.IcebergSource"},
		class: "org.apache.iceberg.spark.source.IcebergSource", loads: "~~++-",
	},
	{
		jars: []string{"org.apache.spark:spark-avro_2.12:3.5.6"}, kind: "Spark",
		names: []string{"avro", "org.apache.spark.sql.v2.avro.AvroDataSourceV2"},
		class: "org.apache.spark.sql.v2.avro.AvroDataSourceV2", loads: "..++-",
	},
	{
		jars: []string{"org.apache.spark:spark-avro_2.13:4.1.1"}, kind: "Spark",
		names: []string{"avro", "org.apache.spark.sql.v2.avro.AvroDataSourceV2"},
		class: "org.apache.spark.sql.v2.avro.AvroDataSourceV2", loads: "----+",
	},
	{
		jars: []string{"org.apache.spark:spark-avro_2.11:2.4.8"}, kind: "Spark",
		names: []string{"avro", "org.apache.spark.sql.avro.AvroFileFormat"},
		class: "org.apache.spark.sql.avro.AvroFileFormat", asked: []string{"1.0", "2.0", "4.0", "6.0"}, loads: "++--",
	},
	{
		jars: []string{"com.databricks:spark-xml_2.12:0.18.0"}, kind: "Spark",
		names: []string{"com.databricks.spark.xml.DefaultSource"},
		class: "com.databricks.spark.xml.DefaultSource", loads: ".+++-",
	},
	{
		// Spark takes this name, and the alias csv, for its own.
		jars: []string{"com.databricks:spark-csv_2.11:1.5.0"}, kind: "Spark",
		names: []string{"com.databricks.spark.csv"},
		class: "com.databricks.spark.csv.DefaultSource", asked: []string{"0.9", "2.0", "5.1"}, loads: "---",
	},
}

var mongoDriver = []string{"org.mongodb:mongodb-driver-sync:5.1.4", "org.mongodb:mongodb-driver-core:5.1.4", "org.mongodb:bson:5.1.4"}
