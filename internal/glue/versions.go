// Package glue holds what each version of AWS Glue runs: Spark, Scala, Java,
// the libraries, drivers and connectors that it ships and with which a
// connector's own copies compete, and how Spark and Athena find the class that
// a connector names. It is data, each with its source, and does no I/O.
package glue

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Version is one version of AWS Glue. A library's field is empty where AWS
// names no version of it.
type Version struct {
	Name string // as in a job's GlueVersion: 5.1
	// InService is false for versions past their end of life, 1 April 2026.
	InService    bool
	Spark        string // 3.5.6, without a build's suffix such as -amzn-1
	Scala        string // binary version: 2.12
	ScalaVersion string // as AWS names it, often no more than the binary version: 2.12.18
	Java         int
	ClassMajor   uint16 // the newest class-file version that this Java loads
	// AWSSDKForV1 tells whether the AWS SDK for Java v1 is on the class path.
	AWSSDKForV1 bool
	Python      string
	Hadoop      string
	Hive        string
	Jackson     string
	Arrow       string
	Json4s      string
	AWSSDK      string // of the newest AWS SDK for Java on the class path
	Catalog     string // AWS Glue Data Catalog client
	Netty       string
	Parquet     string
	Source      string
}

// AWS's pages, which the tables are read from.
const (
	guide = "https://docs.aws.amazon.com/glue/latest/dg/"
	notes = guide + "release-notes.html"
	to40  = guide + "migrating-version-40.html"
	to50  = guide + "migrating-version-50.html"
	to51  = guide + "migrating-version-51.html"
	to60  = guide + "migrating-version-60.html"
)

// Class-file versions: JVM specification, table 4.1-A.
const (
	java8  = 52
	java17 = 61
)

// Versions are all versions, the oldest first. They are appendix A of the
// migration guides, where those agree.
//
// They disagree on Jackson up to Glue 4.0: the guides of 5.0 and later repeat
// Scala's line (2.12 for 3.0 and 4.0, 2.11 before), the guide of 4.0 has
// 2.13.3, 2.10.x and 2.7.x. The table has the latter, since Spark 3.3.0 and
// 3.1.1 are themselves built with Jackson 2.13.3 and 2.10.0 (their pom.xml).
var Versions = []Version{
	{
		Name: "0.9", Spark: "2.2.1", Scala: "2.11", ScalaVersion: "2.11", Java: 8, ClassMajor: java8, AWSSDKForV1: true,
		Python: "2.7", Hadoop: "2.7", Source: notes,
	},
	{
		Name: "1.0", Spark: "2.4.3", Scala: "2.11", ScalaVersion: "2.11", Java: 8, ClassMajor: java8, AWSSDKForV1: true,
		Python: "3.6", Hadoop: "2.8.5", Hive: "1.2", Jackson: "2.7", Arrow: "0.10.0", Json4s: "3.5", Source: to40,
	},
	{
		Name: "2.0", Spark: "2.4.3", Scala: "2.11", ScalaVersion: "2.11", Java: 8, ClassMajor: java8, AWSSDKForV1: true,
		Python: "3.7", Hadoop: "2.8.5", Hive: "1.2", Jackson: "2.7", Arrow: "0.10.0", Json4s: "3.5", Catalog: "1.10.0", Source: to40,
	},
	{
		Name: "3.0", InService: true, Spark: "3.1.1", Scala: "2.12", ScalaVersion: "2.12", Java: 8, ClassMajor: java8, AWSSDKForV1: true,
		Python: "3.7", Hadoop: "3.2.1", Hive: "2.3.7", Jackson: "2.10", Arrow: "2.0.0", Json4s: "3.6.6", AWSSDK: "1.12", Catalog: "3.0.0", Source: to40,
	},
	{
		Name: "4.0", InService: true, Spark: "3.3.0", Scala: "2.12", ScalaVersion: "2.12", Java: 8, ClassMajor: java8, AWSSDKForV1: true,
		Python: "3.10", Hadoop: "3.3.3", Hive: "2.3.9", Jackson: "2.13.3", Arrow: "7.0.0", Json4s: "3.7.0-M11", AWSSDK: "1.12", Catalog: "3.7.0", Source: to40,
	},
	{
		Name: "5.0", InService: true, Spark: "3.5.4", Scala: "2.12", ScalaVersion: "2.12.18", Java: 17, ClassMajor: java17, AWSSDKForV1: true,
		Python: "3.11", Hadoop: "3.4.1", Hive: "2.3.9", Jackson: "2.15.2", Arrow: "12.0.1", Json4s: "3.7.0-M11", AWSSDK: "2.29.52", Catalog: "4.5.0", Source: to50,
	},
	{
		Name: "5.1", InService: true, Spark: "3.5.6", Scala: "2.12", ScalaVersion: "2.12.18", Java: 17, ClassMajor: java17, AWSSDKForV1: true,
		Python: "3.11", Hadoop: "3.4.1", Hive: "2.3.9", Jackson: "2.15.2", Arrow: "12.0.1", Json4s: "3.7.0-M11", AWSSDK: "2.35.5", Catalog: "4.9.0", Source: to51,
	},
	{
		Name: "6.0", InService: true, Spark: "4.1.1", Scala: "2.13", ScalaVersion: "2.13.17", Java: 17, ClassMajor: java17,
		Python: "3.13", Hadoop: "3.4.2", Hive: "2.3.10", Jackson: "2.20.0", Arrow: "18.3.0", Json4s: "3.7.0-M11", AWSSDK: "2.44.6", Catalog: "4.11.0",
		Netty: "4.2.7", Parquet: "1.16.0", Source: to60,
	},
}

// InService are the versions that customers can start jobs with. All callers share the list.
func InService() []Version { return inService() }

var inService = sync.OnceValue(func() []Version {
	return slices.Clip(slices.DeleteFunc(slices.Clone(Versions), func(v Version) bool { return !v.InService }))
})

// Find gives a version by its name.
func Find(name string) (Version, bool) {
	i := index(name)
	if i < 0 {
		return Version{}, false
	}
	return Versions[i], true
}

func index(name string) int {
	return slices.IndexFunc(Versions, func(v Version) bool { return v.Name == name })
}

// Names lists the names of versions.
func Names(versions []Version) string {
	var names []string
	for _, v := range versions {
		names = append(names, v.Name)
	}
	return strings.Join(names, ", ")
}

// UnknownError names what is no version of Glue.
type UnknownError struct{ Names []string }

// Error also names the versions that there are.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("no version of AWS Glue: %+q; the versions are %s", e.Names, Names(Versions))
}

// Parse gives the versions of a list, the oldest first and each once. 5 is
// 5.0: YAML's number 5.0 reaches an action's input as the string "5". Case and
// spaces around a name do not count, nor does the word Glue or a v before it:
// Glue 5.1, glue-5.1, v5.1. Empty names are left out. What is no version is in
// an [UnknownError], and the others are given all the same.
func Parse(list []string) ([]Version, error) {
	var found []int
	var unknown []string
	for _, item := range list {
		name := strings.ToLower(strings.TrimSpace(item))
		if name == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(name, "glue"); ok {
			name = strings.TrimLeft(rest, " -_")
		}
		name = strings.TrimPrefix(name, "v")
		if !strings.Contains(name, ".") {
			name += ".0"
		}
		switch i := index(name); {
		case i < 0:
			unknown = append(unknown, item)
		case !slices.Contains(found, i):
			found = append(found, i)
		}
	}
	slices.Sort(found)
	var versions []Version
	for _, i := range found {
		versions = append(versions, Versions[i])
	}
	if unknown != nil {
		return versions, &UnknownError{unknown}
	}
	return versions, nil
}
