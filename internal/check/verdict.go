package check

import (
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/classfile"
	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
	"glue-connector/internal/jar"
)

// Verdict says whether a Glue version can load the connector.
type Verdict struct {
	Glue    string   `json:"glue"`
	Runs    string   `json:"runs"` // what decides: Spark 3.5.6, Scala 2.12, Java 17
	Loads   bool     `json:"loads"`
	Reasons []string `json:"reasons,omitempty"` // why not; may quote untrusted text, in ASCII
}

// Verdicts judges the connector for the versions that are asked for, or else
// for those in service. There are none without jars.
func Verdicts(s *Subject) []Verdict {
	if len(s.jars()) == 0 {
		return nil
	}
	versions := s.Glue
	if len(versions) == 0 {
		versions = glue.InService()
	}
	path := s.classPath()
	entry := s.entry(path)
	var all []Verdict
	for _, v := range versions {
		reasons := slices.Concat(tooNew(path, entry, v), otherScala(path, v), otherSpark(path, entry, v), withoutSDK(path, entry, v))
		all = append(all, Verdict{
			Glue: v.Name, Runs: fmt.Sprintf("Spark %s, Scala %s, Java %d", v.Spark, v.Scala, v.Java),
			Loads: len(reasons) == 0, Reasons: reasons,
		})
	}
	return all
}

// entry is the class that Glue loads, nil if it is not known.
func (s *Subject) entry(path *jar.ClassPath) *classfile.Class {
	name, connectorType, ok := s.entryClass()
	if !ok {
		return nil
	}
	if t, _ := connector.LinkType(connectorType); t == connector.TypeSpark {
		return lookUp(path, name).class
	}
	return load(path, name)
}

// tooNew finds jars all of whose classes are too new for the version's Java,
// and the entry class if that is.
func tooNew(path *jar.ClassPath, entry *classfile.Class, v glue.Version) []string {
	var reasons []string
	if entry != nil && !entry.SupportedBy(v.Java) {
		reasons = append(reasons, fmt.Sprintf("%s is compiled for Java %d (class-file version %d)", quote(entry.Name), entry.Java(), entry.Major))
	}
	for _, a := range path.Archives {
		if len(a.Versions) == 0 || a.Versions[0].Major <= v.ClassMajor {
			continue
		}
		oldest := classfile.Version{Major: a.Versions[0].Major}
		reasons = append(reasons, fmt.Sprintf("%s is compiled for Java %d (class-file version %d)", quote(a.Name), oldest.Java(), oldest.Major))
	}
	return reasons
}

// otherScala finds jars for another Scala, by the name of the file or of the
// Maven artifact that a jar consists of.
func otherScala(path *jar.ClassPath, v glue.Version) []string {
	var reasons []string
	for _, a := range path.Archives {
		scala, ok := glue.ScalaOf(a.Name)
		if !ok && len(a.Maven) == 1 {
			scala, ok = glue.ScalaOf(a.Maven[0].Artifact)
		}
		if ok && scala != v.Scala {
			reasons = append(reasons, fmt.Sprintf("%s is for Scala %s", quote(a.Name), scala))
		}
	}
	return reasons
}

// otherSpark tells whether the data source is one of Spark 2.4 alone, or one
// of Spark 3 alone.
func otherSpark(path *jar.ClassPath, entry *classfile.Class, v glue.Version) []string {
	if entry == nil {
		return nil
	}
	old := isOne(path, entry, source24).is
	current := isOne(path, entry, source3).is
	first := isOne(path, entry, dataSources[:6]...).is
	switch {
	case first:
	case old && !current && v.Spark >= "3":
		return []string{"the data source is written for Spark 2.4, and its interface is gone"}
	case current && !old && v.Spark < "3":
		return []string{"the data source is written for Spark 3"}
	}
	return nil
}

// withoutSDK tells whether the entry class needs the AWS SDK for Java v1 where
// Glue has it no more.
func withoutSDK(path *jar.ClassPath, entry *classfile.Class, v glue.Version) []string {
	if entry == nil || v.AWSSDKForV1 {
		return nil
	}
	for name := range entry.References() {
		if glue.NeedsSDKV1(strings.ReplaceAll(name, ".", "/")) && len(path.Class(name)) == 0 {
			return []string{fmt.Sprintf("%s uses %s of the AWS SDK for Java v1, which is gone", quote(entry.Name), quote(name))}
		}
	}
	return nil
}
