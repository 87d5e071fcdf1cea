package glue

import (
	"slices"
	"strings"
)

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
	"javax.", "com.sun.",
}

// inJDK are the beginnings of packages that every JVM has (Java SE API). Other
// packages of javax and com.sun are libraries.
var inJDK = []string{
	"java.", "javax.crypto.", "javax.management.", "javax.naming.", "javax.net.", "javax.print.", "javax.script.", "javax.security.auth.",
	"javax.security.cert.", "javax.security.sasl.", "javax.sql.", "javax.xml.parsers.", "javax.xml.stream.", "javax.xml.transform.",
	"javax.xml.validation.", "javax.xml.xpath.", "jdk.", "sun.", "org.w3c.dom.", "org.xml.sax.", "org.ietf.jgss.",
}

// InJDK tells whether a class, java.sql.Driver, is the JVM's own.
func InJDK(class string) bool { return hasPrefix(class, inJDK) }

// MayHave tells whether a class, com.example.X, may be there in a job whose
// connector does not bring it along.
func MayHave(class string) bool { return InJDK(class) || hasPrefix(class, elsewhere) }

func hasPrefix(class string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(class, p) })
}

// MayBeDriver tells whether a class that is not in the jars can be a
// java.sql.Driver: Spark and Scala have none to extend.
func MayBeDriver(class string) bool {
	return !strings.HasPrefix(class, "scala.") && !strings.HasPrefix(class, "org.apache.spark.")
}

// The base classes of handlers in the Athena query federation SDK, of all its
// versions. A connector has a handler for metadata and one for records.
const (
	MetadataHandler = "com.amazonaws.athena.connector.lambda.handlers.MetadataHandler"
	RecordHandler   = "com.amazonaws.athena.connector.lambda.handlers.RecordHandler"
)
