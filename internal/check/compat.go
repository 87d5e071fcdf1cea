package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/classfile"
	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
)

// fit is how a connector that is whole fits a Glue version: why it cannot be
// loaded there, and what makes that unknown.
type fit struct{ no, unknown []string }

func (s *Subject) fit(v glue.Version) fit {
	l := s.loader(v.Java)
	var f fit
	if p := s.entryProblem(l); p.severity == Error && s.loadable() {
		f.no = append(f.no, p.message)
	}
	no, unknown := s.tooNew(l, v)
	f.no, f.unknown = append(f.no, no...), append(f.unknown, unknown...)
	f.no = append(f.no, s.otherScala(l, v)...)
	no, unknown = s.otherSpark(l, v)
	f.no, f.unknown = append(f.no, no...), append(f.unknown, unknown...)
	f.no = append(f.no, s.takenName(v)...)
	f.no = append(f.no, s.withoutSDK(l, v)...)
	return f
}

// tooNew finds what is compiled for a newer Java than the version's. It keeps
// the connector from being loaded if it is the entry class, a data source that
// is registered, which Spark loads at each look-up, what these build on, or all
// of a jar. Whether single classes that the entry class can lead to
// are ever loaded is unknown.
func (s *Subject) tooNew(l *loader, v glue.Version) (no, unknown []string) {
	compiled := func(name string, version classfile.Version) string {
		if version.Preview() {
			return fmt.Sprintf("%s is compiled with preview features of Java %d", quote(name), version.Java())
		}
		return fmt.Sprintf("%s is compiled for Java %d (class-file version %d)", quote(name), version.Java(), version.Major)
	}
	mixed := false
	for _, a := range l.Archives {
		if n := len(a.Versions); n > 0 {
			mixed = mixed || a.Versions[n-1].Major > v.ClassMajor
			if oldest := (classfile.Version{Major: a.Versions[0].Major}); oldest.Major > v.ClassMajor {
				no = append(no, compiled(a.Name, oldest))
			}
		}
	}
	for _, entry := range append(s.entries(l), l.registered()...) {
		for _, c := range l.ancestry(entry).classes {
			if len(no) == 0 && !c.SupportedBy(v.Java) {
				no = append(no, compiled(c.Name, c.Version))
			}
		}
		if !mixed || len(no) > 0 {
			continue // nothing is too new, or enough is
		}
		l.reached(entry, func(c *classfile.Class) bool {
			if !c.SupportedBy(v.Java) {
				unknown = append(unknown, fmt.Sprintf("%s, and %s leads to it", compiled(c.Name, c.Version), quote(entry.Name)))
			}
			return len(unknown) == 0
		})
	}
	return no, unknown
}

// otherSpark tells whether the data source has an interface that the version's
// Spark looks for, and finds jars whose names say that they are for another
// Spark: that is their maker's word, and may work all the same.
func (s *Subject) otherSpark(l *loader, v glue.Version) (no, unknown []string) {
	if _, connectorType, ok := s.entryClass(); !ok || !strings.EqualFold(connectorType, connector.TypeSpark) {
		return nil, nil
	}
	for _, entry := range s.entries(l) {
		kin := l.ancestry(entry)
		var gone []string
		fits := false
		for _, i := range glue.DataSourceInterfaces {
			if is, _ := kin.is(glue.MayBeSource, i.Name); is {
				fits = fits || i.In(v.Spark)
				gone = append(gone, string(i.API))
			}
		}
		if !fits && len(gone) > 0 {
			no = append(no, fmt.Sprintf("%s is written for %s, which Spark %s does not have", quote(entry.Name), gone[0], v.Spark))
		}
	}
	for _, a := range l.Archives {
		if spark, ok := glue.SparkOf(a.Name); ok && !strings.HasPrefix(v.Spark, spark+".") {
			unknown = append(unknown, fmt.Sprintf("%s is for Spark %s", quote(a.Name), spark))
		}
	}
	return no, unknown
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
func (s *Subject) withoutSDK(l *loader, v glue.Version) []string {
	if v.AWSSDKForV1 {
		return nil
	}
	for _, entry := range s.entries(l) {
		for name := range entry.Types() {
			if glue.NeedsSDKV1(strings.ReplaceAll(name, ".", "/")) && len(l.Class(name)) == 0 {
				return []string{fmt.Sprintf("%s uses %s of the AWS SDK for Java v1, which is gone", quote(entry.Name), quote(name))}
			}
		}
	}
	return nil
}
