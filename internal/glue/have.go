package glue

import "strings"

// elsewhere are the beginnings of packages that are on the class path of some
// Glue job, or in its JVM, without being in the connector's jars: what Spark
// brings along, and the drivers and connectors of the migration guides'
// appendices B and C. It is wide on purpose: a class that may be there must not
// be called missing.
var elsewhere = []string{
	"org.apache.", "scala.", "com.fasterxml.", "com.google.", "io.netty.", "org.slf4j.", "org.json4s.", "org.codehaus.", "org.glassfish.", "com.amazonaws.",
	"software.amazon.", "org.eclipse.", "com.esotericsoftware.", "com.twitter.", "io.airlift.", "io.delta.",
	"com.amazon.redshift.", "com.microsoft.sqlserver.", "com.mysql.", "com.sap.db.", "com.teradata.", "oracle.jdbc.", "org.mariadb.", "org.postgresql.",
	"net.snowflake.", "com.mongodb.", "org.opensearch.", "com.azure.cosmos.", "com.vertica.", "io.github.spark_redshift_community.",
	"javax.", "jdk.", "sun.", "com.sun.", "org.w3c.", "org.xml.", "org.ietf.",
}

// MayHave tells whether a class, com.example.X, may be there in a job whose
// connector does not bring it along.
func MayHave(class string) bool {
	for _, p := range elsewhere {
		if strings.HasPrefix(class, p) {
			return true
		}
	}
	return strings.HasPrefix(class, "java.")
}

// The base classes of handlers in the Athena query federation SDK, of all its
// versions. A connector has a handler for metadata and one for records.
const (
	MetadataHandler = "com.amazonaws.athena.connector.lambda.handlers.MetadataHandler"
	RecordHandler   = "com.amazonaws.athena.connector.lambda.handlers.RecordHandler"
)
