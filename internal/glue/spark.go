package glue

import (
	"slices"
	"strconv"
	"strings"
)

// RegisterInterface is what a data source implements to have an alias, its
// shortName, and the name of the service file that lists such classes.
const (
	RegisterInterface = "org.apache.spark.sql.sources.DataSourceRegister"
	RegisterFile      = "META-INF/services/" + RegisterInterface
	// DefaultSource is the class that Spark loads from a package's name.
	DefaultSource = "DefaultSource"
)

// API is a generation of Spark's interfaces for data sources.
type API string

// The generations: the first, the second as in Spark 2.3 and 2.4, and the
// second as in Spark 3 and later.
const (
	V1    API = "data source v1"
	V2Old API = "data source v2 of Spark 2.4"
	V2    API = "data source v2 of Spark 3"
)

// Interface is one that Spark looks for in a class that it is given.
type Interface struct {
	Name string // org.apache.spark.sql.sources.RelationProvider
	API  API
	// Since and Until are the first and the last Spark, 3.0, that has it;
	// empty for no limit within Glue's.
	Since, Until string
}

const sources = "org.apache.spark.sql.sources."

// DataSourceInterfaces make a class a data source: those that
// DataSource.resolveRelation, createSource, createSink and lookupDataSourceV2
// match on, and the interfaces that extend those: jars have no Spark to tell.
// Which version has which was read in spark-sql and spark-catalyst
// 2.2.1, 2.4.3, 3.1.1, 3.3.0, 3.5.4, 3.5.6 and 4.1.1 on Maven Central.
var DataSourceInterfaces = []Interface{
	{Name: sources + "RelationProvider", API: V1},
	{Name: sources + "SchemaRelationProvider", API: V1},
	{Name: sources + "CreatableRelationProvider", API: V1},
	{Name: sources + "StreamSourceProvider", API: V1},
	{Name: sources + "StreamSinkProvider", API: V1},
	{Name: "org.apache.spark.sql.execution.datasources.FileFormat", API: V1},
	{Name: sources + "v2.DataSourceV2", API: V2Old, Since: "2.3", Until: "2.4"},
	{Name: sources + "v2.ReadSupport", API: V2Old, Since: "2.3", Until: "2.4"},
	{Name: sources + "v2.WriteSupport", API: V2Old, Since: "2.3", Until: "2.4"},
	{Name: sources + "v2.MicroBatchReadSupport", API: V2Old, Since: "2.3", Until: "2.4"},
	{Name: sources + "v2.ContinuousReadSupport", API: V2Old, Since: "2.3", Until: "2.4"},
	{Name: sources + "v2.StreamWriteSupport", API: V2Old, Since: "2.3", Until: "2.4"},
	{Name: sources + "v2.SessionConfigSupport", API: V2Old, Since: "2.3", Until: "2.4"},
	{Name: "org.apache.spark.sql.connector.catalog.TableProvider", API: V2, Since: "3.0"},
	{Name: "org.apache.spark.sql.connector.catalog.SessionConfigSupport", API: V2, Since: "3.0"},
	{Name: "org.apache.spark.sql.connector.catalog.SupportsCatalogOptions", API: V2, Since: "3.0"},
	{Name: "org.apache.spark.sql.internal.connector.SimpleTableProvider", API: V2, Since: "3.0"},
	{Name: files + "v2.FileDataSourceV2", API: V2, Since: "3.0"},
}

// MayBeSource tells whether a class that is not in the jars can be a data
// source without being one of DataSourceInterfaces: Spark's own are all in
// execution, or beside it. What Spark has for connectors to implement is not:
// a catalog, a table, a scan.
func MayBeSource(class string) bool {
	for _, p := range []string{"org.apache.spark.sql.connector.", sources, "org.apache.spark.internal.", "scala."} {
		if strings.HasPrefix(class, p) {
			return false
		}
	}
	return class != "org.apache.spark.sql.SparkSessionExtensionsProvider"
}

// MayRegister tells whether a class that is not in the jars can be a
// [RegisterInterface]. Of the interfaces of data sources only FileDataSourceV2
// is.
func MayRegister(class string) bool {
	if class == files+"FileFormat" || class == files+"TextBasedFileFormat" || class == "org.apache.spark.sql.internal.connector.SimpleTableProvider" {
		return false
	}
	return MayBeSource(class)
}

// In tells whether a version of Spark has the interface.
func (i Interface) In(spark string) bool {
	return (i.Since == "" || compare(spark, i.Since) >= 0) && (i.Until == "" || compare(spark, i.Until) <= 0)
}

// compare compares the major and minor numbers of two versions.
func compare(a, b string) int {
	parts := func(v string) []int {
		var numbers []int
		for _, p := range strings.SplitN(v, ".", 3)[:min(2, strings.Count(v, ".")+1)] {
			n, _ := strconv.Atoi(p)
			numbers = append(numbers, n)
		}
		return numbers
	}
	return slices.Compare(parts(a), parts(b))
}

const (
	files     = "org.apache.spark.sql.execution.datasources."
	streaming = "org.apache.spark.sql.execution.streaming."
)

// moved is DataSource.backwardCompatibilityMap, by the Spark that has an entry
// first. It was read in the bytecode of DataSource in the versions above, and
// in sql/core/.../execution/datasources/DataSource.scala.
var moved = []struct{ name, to, since string }{
	{"org.apache.spark.sql.jdbc", files + "jdbc.JdbcRelationProvider", ""},
	{"org.apache.spark.sql.jdbc.DefaultSource", files + "jdbc.JdbcRelationProvider", ""},
	{files + "jdbc", files + "jdbc.JdbcRelationProvider", ""},
	{files + "jdbc.DefaultSource", files + "jdbc.JdbcRelationProvider", ""},
	{"org.apache.spark.sql.json", files + "json.JsonFileFormat", ""},
	{"org.apache.spark.sql.json.DefaultSource", files + "json.JsonFileFormat", ""},
	{files + "json", files + "json.JsonFileFormat", ""},
	{files + "json.DefaultSource", files + "json.JsonFileFormat", ""},
	{"org.apache.spark.sql.parquet", files + "parquet.ParquetFileFormat", ""},
	{"org.apache.spark.sql.parquet.DefaultSource", files + "parquet.ParquetFileFormat", ""},
	{files + "parquet", files + "parquet.ParquetFileFormat", ""},
	{files + "parquet.DefaultSource", files + "parquet.ParquetFileFormat", ""},
	{"org.apache.spark.sql.hive.orc", "org.apache.spark.sql.hive.orc.OrcFileFormat", ""},
	{"org.apache.spark.sql.hive.orc.DefaultSource", "org.apache.spark.sql.hive.orc.OrcFileFormat", ""},
	{"org.apache.spark.ml.source.libsvm", "org.apache.spark.ml.source.libsvm.LibSVMFileFormat", ""},
	{"org.apache.spark.ml.source.libsvm.DefaultSource", "org.apache.spark.ml.source.libsvm.LibSVMFileFormat", ""},
	{"com.databricks.spark.csv", files + "csv.CSVFileFormat", ""},
	{files + "orc", files + "orc.OrcFileFormat", "2.4"},
	{files + "orc.DefaultSource", files + "orc.OrcFileFormat", "2.4"},
	{streaming + "TextSocketSourceProvider", streaming + "sources.TextSocketSourceProvider", "2.4"},
	{streaming + "RateSourceProvider", streaming + "sources.RateStreamProvider", "2.4"},
	{"com.databricks.spark.avro", "org.apache.spark.sql.avro.AvroFileFormat", "2.4"}, // in lookupDataSource, by default
	{"com.databricks.spark.xml", files + "xml.XmlFileFormat", "4.0"},
	{files + "xml", files + "xml.XmlFileFormat", "4.0"},
}

// Moved gives the class that a version of Spark takes for a name before it
// looks anywhere else, so that a connector of that name is never loaded. Case
// counts.
func Moved(spark, name string) (class string, ok bool) {
	for _, m := range moved {
		if m.name == name && (m.since == "" || compare(spark, m.since) >= 0) {
			return m.to, true
		}
	}
	return "", false
}

// aliases are the short names of Spark's own data sources, by the Spark that
// has them first: spark-sql's service file and shortName().
var aliases = []struct{ name, since string }{
	{"csv", ""},
	{"jdbc", ""},
	{"json", ""},
	{"orc", ""},
	{"parquet", ""},
	{"text", ""},
	{"console", ""},
	{"rate", ""},
	{"socket", ""},
	{"noop", "3.0"},
	{"binaryFile", "3.0"},
	{"rate-micro-batch", "3.3"},
	{"xml", "4.0"},
	{"state-metadata", "4.0"},
	{"statestore", "4.0"},
}

// OwnAlias tells whether a version of Spark has a data source of its own of
// that alias, in any case. In Spark 3 and later it wins over a connector's.
func OwnAlias(spark, alias string) bool {
	for _, a := range aliases {
		if strings.EqualFold(a.name, alias) && (a.since == "" || compare(spark, a.since) >= 0) {
			return true
		}
	}
	return false
}
