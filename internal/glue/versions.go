// Package glue holds what each version of AWS Glue runs: Spark, Scala, Java,
// and the libraries that it ships, with which a connector's own copies clash.
// It is data, each with its source, and does no I/O.
package glue

import (
	"slices"
	"strings"
)

// Version is one version of AWS Glue.
type Version struct {
	Name string // as in a job's GlueVersion: 5.1
	// InService is false for versions past their end of life, 1 April 2026.
	InService   bool
	Spark       string
	Scala       string // binary version: 2.12
	Java        int
	ClassMajor  uint16 // the newest class-file version that this Java loads
	AWSSDKForV1 bool   // the AWS SDK for Java v1 is on the class path
	Source      string
}

const (
	notes  = "https://docs.aws.amazon.com/glue/latest/dg/release-notes.html"
	to50   = "https://docs.aws.amazon.com/glue/latest/dg/migrating-version-50.html"
	to51   = "https://docs.aws.amazon.com/glue/latest/dg/migrating-version-51.html"
	to60   = "https://docs.aws.amazon.com/glue/latest/dg/migrating-version-60.html"
	java8  = 52
	java17 = 61
)

// Versions are all versions, the oldest first.
var Versions = []Version{
	{"0.9", false, "2.2.1", "2.11", 8, java8, true, notes},
	{"1.0", false, "2.4.3", "2.11", 8, java8, true, notes},
	{"2.0", false, "2.4.3", "2.11", 8, java8, true, notes},
	{"3.0", true, "3.1.1", "2.12", 8, java8, true, notes},
	{"4.0", true, "3.3.0", "2.12", 8, java8, true, notes},
	{"5.0", true, "3.5.4", "2.12", 17, java17, true, to50},
	{"5.1", true, "3.5.6", "2.12", 17, java17, true, to51},
	{"6.0", true, "4.1.1", "2.13", 17, java17, false, to60},
}

// InService are the versions that customers can start jobs with.
func InService() []Version {
	return slices.DeleteFunc(slices.Clone(Versions), func(v Version) bool { return !v.InService })
}

// Find gives a version by its name.
func Find(name string) (Version, bool) {
	i := slices.IndexFunc(Versions, func(v Version) bool { return v.Name == name })
	if i < 0 {
		return Version{}, false
	}
	return Versions[i], true
}

// Names lists the names of versions.
func Names(versions []Version) string {
	var names []string
	for _, v := range versions {
		names = append(names, v.Name)
	}
	return strings.Join(names, ", ")
}
