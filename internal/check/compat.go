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
	f.no = append(f.no, s.badlyRegistered(l)...)
	no, unknown = s.otherScala(l, v)
	f.no, f.unknown = append(f.no, no...), append(f.unknown, unknown...)
	no, unknown = s.otherSpark(l, v)
	f.no, f.unknown = append(f.no, no...), append(f.unknown, unknown...)
	f.no = append(f.no, s.takenName(v)...)
	f.no = append(f.no, s.withoutSDK(l, v)...)
	return f
}

// tooNew finds what is compiled for a newer Java than the version's. It keeps
// the connector from being loaded if it is the entry class, a data source that
// is registered, which Spark loads at each look-up, or what these build on; and
// if it is a jar of nothing else that they lead to. Whether single classes, or
// what nothing seen here leads to, are ever loaded is unknown.
func (s *Subject) tooNew(l *loader, v glue.Version) (no, unknown []string) {
	newer := map[int]bool{} // jars with nothing for this Java
	some := false
	for i, a := range l.Archives {
		if n := len(a.Versions); n > 0 {
			some = some || a.Versions[n-1].Major > v.ClassMajor
			newer[i] = a.Versions[0].Major > v.ClassMajor
		}
	}
	roots := append(s.entries(l), l.registered()...)
	for _, root := range roots {
		for _, c := range l.ancestry(root).classes {
			if len(no) == 0 && !c.SupportedBy(v.Java) {
				message, _ := l.compiled(c, newer)
				no = append(no, message)
			}
		}
	}
	if !some || len(no) > 0 {
		return no, nil // nothing is too new, or enough is
	}
	l.reached(roots, func(c *classfile.Class) bool {
		if c.SupportedBy(v.Java) {
			return true
		}
		message, whole := l.compiled(c, newer)
		message += ", and the entry class leads to it"
		if whole {
			no = append(no, message)
		} else {
			unknown = append(unknown, message)
		}
		return false
	})
	for i, a := range l.Archives {
		if newer[i] && len(no)+len(unknown) == 0 {
			oldest := classfile.Version{Major: a.Versions[0].Major}
			unknown = append(unknown, fmt.Sprintf("%s is compiled for Java %d (class-file version %d)", quote(a.Name), oldest.Java(), oldest.Major))
		}
	}
	return no, unknown
}

// compiled says for which Java a class is compiled, or all of its jar.
func (l *loader) compiled(c *classfile.Class, newer map[int]bool) (message string, whole bool) {
	if c.Preview() {
		return fmt.Sprintf("%s is compiled with preview features of Java %d", quote(c.Name), c.Java()), false
	}
	what := c.Name
	if places := l.Class(c.Name); len(places) > 0 && newer[places[0].Archive] {
		what, whole = l.Archives[places[0].Archive].Name, true
	}
	return fmt.Sprintf("%s is compiled for Java %d (class-file version %d)", quote(what), c.Java(), c.Major), whole
}

// otherSpark tells whether the data source has an interface that the version's
// Spark looks for, and finds jars whose names say that they are for another
// Spark: that is their maker's word, and may work all the same.
func (s *Subject) otherSpark(l *loader, v glue.Version) (no, unknown []string) {
	_, connectorType, ok := s.entryClass()
	if t, _ := connector.LinkType(connectorType); !ok || t != connector.TypeSpark {
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
