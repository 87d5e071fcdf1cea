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

// incompatible says why a connector that is whole does not fit a Glue version.
func (s *Subject) incompatible(path *jar.ClassPath, entry *classfile.Class, v glue.Version) []string {
	return slices.Concat(tooNew(path, entry, v), otherScala(path, v), otherSpark(path, entry, v), s.takenName(v), withoutSDK(path, entry, v))
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

// otherSpark tells whether the data source has an interface that the version's
// Spark looks for.
func otherSpark(path *jar.ClassPath, entry *classfile.Class, v glue.Version) []string {
	if entry == nil {
		return nil
	}
	var gone []string
	for _, i := range glue.DataSourceInterfaces {
		switch is := isOne(path, entry, i.Name).is; {
		case is && i.In(v.Spark):
			return nil
		case is:
			gone = append(gone, string(i.API))
		}
	}
	if len(gone) == 0 {
		return nil // no data source at all, or one by what Glue ships: class-spark tells
	}
	return []string{fmt.Sprintf("%s is written for %s, which Spark %s does not have", quote(entry.Name), gone[0], v.Spark)}
}

// takenName tells whether the version's Spark takes the name for a data source
// of its own, and so never looks for the connector's.
func (s *Subject) takenName(v glue.Version) []string {
	name, connectorType, ok := s.entryClass()
	if t, _ := connector.LinkType(connectorType); !ok || t != connector.TypeSpark {
		return nil
	}
	_, moved := glue.Moved(v.Spark, name)
	if moved || glue.OwnAlias(v.Spark, name) {
		return []string{fmt.Sprintf("%s is the name of a data source of Spark's own", quote(name))}
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
