package glue

// Drivers are the JDBC drivers that Glue ships, by appendix B of the migration
// guides; "past versions" there are 0.9 to 2.0 here. The classes were read in
// the drivers' jars on Maven Central: Core are what className can name. The
// guide of 6.0 no longer lists SAP HANA and Teradata; whether Glue 6.0 has
// them is not known, so no version of it is given.
var Drivers = []Shipped{
	{
		Name: "MySQL", Clash: Competes, Source: to60,
		Packages: []string{"com/mysql/"}, Core: []string{"com/mysql/cj/jdbc/Driver", "com/mysql/jdbc/Driver"},
		Versions: each("5.1", "8.0.23", "8.0.23", "8.0.33", "8.0.33", "8.0.33"),
	},
	{
		Name: "Microsoft SQL Server", Clash: Competes, Source: to60,
		Packages: []string{"com/microsoft/sqlserver/jdbc/"}, Except: []string{"com/microsoft/sqlserver/jdbc/spark/"},
		Core:     []string{"com/microsoft/sqlserver/jdbc/SQLServerDriver"},
		Versions: each("6.1.0", "7.0.0", "9.4.0", "10.2.0", "10.2.0", "10.2.0"),
	},
	{
		Name: "Oracle", Clash: Competes, Source: to60,
		Packages: []string{"oracle/jdbc/"}, Core: []string{"oracle/jdbc/OracleDriver", "oracle/jdbc/driver/OracleDriver"},
		Versions: each("11.2", "21.1", "21.7", "23.3.0.23.09", "23.3.0.23.09", "23.4.0.24.05"),
	},
	{
		Name: "PostgreSQL", Clash: Competes, Source: to60,
		Packages: []string{"org/postgresql/"}, Core: []string{"org/postgresql/Driver"},
		Versions: each("42.1.0", "42.2.18", "42.3.6", "42.7.3", "42.7.3", "42.7.3"),
	},
	{
		Name: "Amazon Redshift", Clash: Competes, Source: to60,
		Packages: []string{"com/amazon/redshift/"},
		Core: []string{
			"com/amazon/redshift/Driver", "com/amazon/redshift/jdbc/Driver", "com/amazon/redshift/jdbc42/Driver", "com/amazon/redshift/jdbc41/Driver",
		},
		Versions: each("1.2.12.1017", "1.2.12.1017", "2.1.0.16", "2.1.0.29", "2.1.0.29", "2.2.7"),
	},
	{
		Name: "SAP HANA", Clash: Competes, Source: to51, Since: "4.0",
		Packages: []string{"com/sap/db/"}, Core: []string{"com/sap/db/jdbc/Driver"},
		Versions: each("", "", "2.17.12", "2.20.17", "2.20.17", ""),
	},
	{
		Name: "Teradata", Clash: Competes, Source: to51, Since: "4.0",
		Packages: []string{"com/teradata/jdbc/"}, Core: []string{"com/teradata/jdbc/TeraDriver"},
		Versions: each("", "", "20.00.00.06", "20.00.00.33", "20.00.00.33", ""),
	},
	{
		Name: "MariaDB", Clash: Competes, Source: to60, Since: "6.0",
		Packages: []string{"org/mariadb/jdbc/"}, Core: []string{"org/mariadb/jdbc/Driver"},
		Versions: each("", "", "", "", "", "3.5.7"),
	},
}

// Connectors are the native Spark connectors and table formats that Glue
// ships, by appendices C and D. The table formats are on the class path of
// jobs with --datalake-formats only. What the guide of 6.0 no longer lists has
// no version there. For MongoDB on 5.0 the guide of 5.0 has 10.4.0, and those
// of 5.1 and 6.0 have 10.3.0.
var Connectors = []Shipped{
	{
		Name: "the Amazon Redshift connector", Clash: Competes, Source: to60, Since: "4.0",
		Packages: []string{"io/github/spark_redshift_community/spark/redshift/"},
		Versions: each("", "", "6.1.3", "6.4.0", "6.4.2", "6.7.0"),
	},
	{
		Name: "the OpenSearch connector", Clash: Competes, Source: to60, Since: "4.0",
		Packages: []string{"org/opensearch/spark/", "org/opensearch/hadoop/"},
		Versions: each("", "", "1.0.1", "1.2.0", "1.2.0", "2.0.0"),
	},
	{
		Name: "the MongoDB connector", Clash: Competes, Source: to60, Since: "3.0",
		Packages: []string{"com/mongodb/spark/"},
		Versions: each("", "3.0.0", "10.0.4", "10.3.0", "10.3.0", "11.0.1"),
	},
	{
		Name: "the Snowflake connector", Clash: Competes, Source: to60, Since: "4.0",
		Packages: []string{"net/snowflake/spark/snowflake/"},
		Versions: each("", "", "2.12.0", "3.0.0", "3.1.1", "3.17.0"),
	},
	{
		Name: "the BigQuery connector", Clash: Competes, Source: to51, Since: "4.0",
		Packages: []string{"com/google/cloud/spark/bigquery/"},
		Versions: each("", "", "0.32.2", "0.32.2", "0.32.2", ""),
	},
	{
		Name: "the Azure Cosmos DB connector", Clash: Competes, Source: to51, Since: "4.0",
		Packages: []string{"com/azure/cosmos/spark/"},
		Versions: each("", "", "4.22.0", "4.33.0", "4.33.0", ""),
	},
	{
		Name: "the Azure SQL connector", Clash: Competes, Source: to51, Since: "4.0",
		Packages: []string{"com/microsoft/sqlserver/jdbc/spark/"},
		Versions: each("", "", "1.3.0", "1.3.0", "1.3.0", ""),
	},
	{
		Name: "the Vertica connector", Clash: Competes, Source: to51, Since: "4.0",
		Packages: []string{"com/vertica/spark/"},
		Versions: each("", "", "3.3.5", "3.3.5", "3.3.5", ""),
	},
	{
		Name: "the EMR DynamoDB connector", Clash: Competes, Source: to60, Since: "3.0",
		Packages: []string{"org/apache/hadoop/dynamodb/"},
		Versions: each("", "", "4.16.0", "5.6.0", "5.7.0", "6.1.0"),
	},
	{
		Name: "Apache Hudi", Clash: Competes, Source: to60, Since: "3.0", Note: dataLake,
		Packages: []string{"org/apache/hudi/", "org/apache/spark/sql/hudi/"},
		Versions: each("", "0.10.1", "0.12.1", "0.15.0", "1.0.2", "1.1.1"),
	},
	{
		Name: "Delta Lake", Clash: Competes, Source: to60, Since: "3.0", Note: dataLake,
		Packages: []string{"io/delta/", "org/apache/spark/sql/delta/"},
		Versions: each("", "1.0.0", "2.1.0", "3.3.0", "3.3.2", "4.2.0"),
	},
	{
		Name: "Apache Iceberg", Clash: Competes, Source: to60, Since: "3.0", Note: dataLake,
		Packages: []string{"org/apache/iceberg/"},
		Versions: each("", "0.13.1", "1.0.0", "1.7.1", "1.10.0", "1.11.0"),
	},
}

const dataLake = "only in jobs with --datalake-formats"

// each gives a version for Glue 0.9 to 2.0, 3.0, 4.0, 5.0, 5.1 and 6.0; empty
// where there is none or none is known.
func each(past, v30, v40, v50, v51, v60 string) map[string]string {
	all := map[string]string{"0.9": past, "1.0": past, "2.0": past, "3.0": v30, "4.0": v40, "5.0": v50, "5.1": v51, "6.0": v60}
	for glue, version := range all {
		if version == "" {
			delete(all, glue)
		}
	}
	return all
}
