package glue

import (
	"regexp"
	"strings"
)

// Shipped is a library on the class path of every job.
type Shipped struct {
	Name string
	// Packages are the beginnings of its packages, com/example/.
	Packages []string
}

// Library lists what clashes with a connector's own copy: which of the two a
// job gets depends on the order of its class path. Relocated copies, such as
// com/acme/shaded/io/netty/, are no match. Source: the tables of libraries in
// the migration guides of Glue 3.0 to 6.0.
var Library = []Shipped{
	{"Spark", []string{"org/apache/spark/sql/catalyst/", "org/apache/spark/sql/execution/", "org/apache/spark/rdd/", "org/apache/spark/scheduler/"}},
	{"the Scala library", []string{"scala/collection/", "scala/runtime/", "scala/reflect/"}},
	{"Hadoop", []string{"org/apache/hadoop/fs/", "org/apache/hadoop/conf/", "org/apache/hadoop/mapreduce/"}},
	{"Jackson", []string{"com/fasterxml/jackson/core/", "com/fasterxml/jackson/databind/", "com/fasterxml/jackson/annotation/"}},
	{"json4s", []string{"org/json4s/"}},
	{"Arrow", []string{"org/apache/arrow/"}},
	{"Netty", []string{"io/netty/"}},
	{"Parquet", []string{"org/apache/parquet/"}},
	{"Avro", []string{"org/apache/avro/"}},
	{"SLF4J", []string{"org/slf4j/"}},
	{"Log4j", []string{"org/apache/log4j/", "org/apache/logging/log4j/"}},
	{"the AWS SDK", []string{"software/amazon/awssdk/core/", "com/amazonaws/auth/", "com/amazonaws/services/s3/"}},
}

// Has tells whether a package, com/example/x, belongs to the library.
func (s Shipped) Has(pkg string) bool {
	for _, p := range s.Packages {
		if strings.HasPrefix(pkg+"/", p) {
			return true
		}
	}
	return false
}

var scalaSuffix = regexp.MustCompile(`_(2\.1[0-3]|3)(-|$)`)

// ScalaOf reads the Scala binary version from an artifact's name, as sbt and
// Maven artifacts carry it: spark-redshift_2.12-4.2.0.jar is for 2.12. Of
// foo-2.12.jar it says nothing: that is a version of foo.
func ScalaOf(artifact string) (string, bool) {
	m := scalaSuffix.FindStringSubmatch(strings.TrimSuffix(artifact, ".jar"))
	if m == nil {
		return "", false
	}
	return m[1], true
}
