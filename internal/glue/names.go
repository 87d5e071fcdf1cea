package glue

import (
	"path"
	"regexp"
	"strings"
)

var (
	// scalaSuffix is sbt's and Maven's _2.12, the full version before another
	// (semanticdb-scalac_2.12.18-4.8.4), and the Azure SDK's _2-12. Alone at
	// the end, foo_2.12.1 is a version of foo.
	scalaSuffix = regexp.MustCompile(`_2[.-](1[0-3])(?:[-_]|$|\.\d+-\d)`)
	// scalaItself is Scala's own artifacts, whose version is Scala's.
	scalaItself = regexp.MustCompile(`^scala-(?:library|reflect|compiler)-2\.(1[0-3])\.\d`)
	// scalaVersion is a version of Scala 2: version.number in the
	// library.properties of the Scala library.
	scalaVersion = regexp.MustCompile(`^2\.(1[0-3])(?:\.|$)`)
)

// LibraryProperties is the file of the Scala library with its version, as
// version.number=2.12.18.
const LibraryProperties = "library.properties"

// ScalaOf reads the Scala binary version from the name of a jar file or of an
// artifact (artifactId of a pom.properties): spark-redshift_2.12-4.2.0.jar is
// for 2.12. Of foo-2.12.jar it says nothing: that is a version of foo. Nor does a name
// with two of them. _3 is not read: Scala 3 is in no Glue, and other names end
// alike.
func ScalaOf(name string) (string, bool) {
	name = trim(name)
	if m := scalaItself.FindStringSubmatch(name); m != nil {
		return "2." + m[1], true
	}
	binary := ""
	for _, m := range scalaSuffix.FindAllStringSubmatch(name, -1) {
		if binary != "" && binary != "2."+m[1] {
			return "", false
		}
		binary = "2." + m[1]
	}
	return binary, binary != ""
}

// ScalaBinary gives the binary version of a version of Scala 2: 2.12 of 2.12.18.
func ScalaBinary(version string) (string, bool) {
	m := scalaVersion.FindStringSubmatch(version)
	if m == nil {
		return "", false
	}
	return "2." + m[1], true
}

// sparkForms are the ways in which artifacts name the Spark that they are for,
// with an example of each. A version of Spark has a minor below 10, so that
// spark_2.12 is not one. What could be the artifact's own version is left out:
// vertica-spark-3.3.5, spark-cassandra-connector_2.12-3.5.0; and so are
// Elasticsearch's 20 and 30, which stand for all of 2.x and 3.x.
var sparkForms = []*regexp.Regexp{
	// after a version: spark-snowflake_2.12-2.9.1-spark_3.1,
	// singlestore-spark-connector_2.12-4.1.8-spark-3.5.0, _for_spark_2.4
	regexp.MustCompile(`\d\.\d+(?:-[A-Za-z]+\d*)?[-_.](?:for[-_])?spark[-_]?` + spark + `(?:\.\d+)?(?:[-_]|$)`),
	// glued to the word: hudi-spark3.4-bundle_2.12, aerospike-spark-4.5.0_spark3.3_2.12
	regexp.MustCompile(`(?:^|[-_])spark` + spark + `(?:\.(?:\d+|x))?(?:[-_]|$)`),
	// before Scala's: iceberg-spark-runtime-3.5_2.12, delta-spark_4.0_2.13
	regexp.MustCompile(`spark[A-Za-z-]*[-_]` + spark + `_2\.1[0-3](?:[-_.]|$)`),
	// the Azure SDK's: azure-cosmos-spark_3-5_2-12
	regexp.MustCompile(`spark_([2-4])-(\d)_2-1[0-3](?:-|$)`),
	// before the product or its version: spark-3.5-bigquery-0.36.1,
	// spark-doris-connector-spark-3.5-25.0.0
	regexp.MustCompile(`^spark-` + spark + `-[A-Za-z][A-Za-z-]*-\d`),
	regexp.MustCompile(`[A-Za-z]-spark-` + spark + `-\d+\.\d+\.\d`),
}

// sparkMajor is a major version alone: hudi-spark3-bundle_2.12,
// phoenix5-spark3-shaded, neo4j's _for_spark_3.
var sparkMajor = regexp.MustCompile(`(?:[-_]spark|_for_spark_)([2-4])(?:[-_]|$)`)

const spark = `([2-4])\.(\d)`

// SparkOf reads the version of Spark that a jar file or an artifact is for
// from its name: 3.5, or 3 where it says no more. It reads only forms that
// cannot be the artifact's own version.
func SparkOf(name string) (string, bool) {
	name = trim(name)
	found := ""
	for _, form := range sparkForms {
		m := form.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		version := m[1] + "." + m[2]
		if found != "" && found != version {
			return "", false
		}
		found = version
	}
	if found != "" {
		return found, true
	}
	if m := sparkMajor.FindStringSubmatch(name); m != nil {
		return m[1], true
	}
	return "", false
}

// trim leaves the name without folder and extension.
func trim(name string) string {
	name = path.Base(name)
	if ext := path.Ext(name); strings.EqualFold(ext, ".jar") {
		name = name[:len(name)-len(ext)]
	}
	return name
}
