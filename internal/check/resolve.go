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

// entryClass is the class name that the link and the config give, with the
// connector's type; ok is false if there is none that makes sense.
func (s *Subject) entryClass() (name, connectorType string, ok bool) {
	if len(s.jars()) == 0 {
		return "", "", false
	}
	name, connectorType = s.config().Text(connector.KeyClassName), s.config().Text(connector.KeyConnectorType)
	if l, hasLink := s.link(); hasLink {
		if l.ClassName != "" {
			name = l.ClassName
		}
		if l.Type != "" {
			connectorType = l.Type
		}
	}
	return name, connectorType, name != "" && classNameProblem(name, connectorType) == ""
}

// classNameAt is the place of the entry class's name: in the config, unless an
// input gives another one.
func (s *Subject) classNameAt() (connector.Position, string) {
	v, ok := s.text(connector.KeyClassName)
	if l, hasLink := s.link(); !ok || hasLink && l.ClassName != "" && !strings.EqualFold(l.ClassName, v.Text) {
		return connector.Position{}, ""
	}
	return v.At, s.config().Path
}

// entries are the classes that Glue loads by the name it is given, as far as
// they are in the jars and can be told: the driver, the data source, or both
// handlers.
func (s *Subject) entries(l *loader) []*classfile.Class {
	if l.entries == nil {
		all := s.findEntries(l)
		l.entries = &all
	}
	return *l.entries
}

func (s *Subject) findEntries(l *loader) []*classfile.Class {
	name, connectorType, ok := s.entryClass()
	if !ok {
		return nil
	}
	var all []*classfile.Class
	switch t, _ := connector.LinkType(connectorType); t {
	case connector.TypeSpark:
		all = append(all, lookUp(l, name).class)
	case connector.TypeAthena:
		metadata, record := handlers(l.ClassPath, name)
		all = append(all, l.load(metadata), l.load(record))
	default:
		all = append(all, l.load(name))
	}
	return slices.DeleteFunc(all, func(c *classfile.Class) bool { return c == nil })
}

// registered are the data sources that service files name.
func (l *loader) registered() []*classfile.Class {
	var all []*classfile.Class
	for _, provider := range providers(l.ClassPath, glue.RegisterInterface) {
		if c := l.load(provider); c != nil {
			all = append(all, c)
		}
	}
	return all
}

// entryProblem says what keeps the JVM of a loader from using the class that the
// connector names, if it is known where it should be.
func (s *Subject) entryProblem(l *loader) problem {
	if l.problem == nil {
		l.problem = &problem{}
		name, connectorType, ok := s.entryClass()
		switch t, _ := connector.LinkType(connectorType); {
		case ok && t == connector.TypeJDBC:
			*l.problem = driverProblem(l, name)
		case ok && t == connector.TypeSpark:
			*l.problem = s.sourceProblem(l, name)
		}
	}
	return *l.problem
}

// problem is what is wrong with a class; the zero value is nothing.
type problem struct {
	severity        Severity
	message, advice string
}

// loadable tells whether some version that is judged can use the entry class.
func (s *Subject) loadable() bool {
	return slices.ContainsFunc(s.versions(), func(v glue.Version) bool {
		return s.entryProblem(s.loader(v.Java)).severity != Error
	})
}

// reportEntry is the rule about the class that a connector of a type names. What
// keeps it from being used on some versions only is glue-version's to say.
func (s *Subject) reportEntry(fs *Findings, of string) {
	_, connectorType, ok := s.entryClass()
	if t, _ := connector.LinkType(connectorType); !ok || t != of {
		return
	}
	p := s.entryProblem(s.newest())
	if p.message == "" || p.severity == Error && s.loadable() {
		return
	}
	at, file := s.classNameAt()
	fs.addAs(p.severity, file, at, p.message, p.advice)
}

// absent says why a class is not found under exactly its name.
func absent(l *loader, name string) (problem, advice string) {
	if len(l.Class(name)) > 0 {
		return "", ""
	}
	for release := 9; release <= newestJava; release++ {
		if places := l.Lookup(fmt.Sprintf("META-INF/versions/%d/%s", release, jar.EntryName(name))); len(places) > 0 {
			if !l.Archives[places[0].Archive].Manifest.MultiRelease {
				return fmt.Sprintf("class %s is below META-INF/versions in %s, whose manifest does not say Multi-Release: true", quote(name), quote(l.Archives[places[0].Archive].Name)),
					"Add the line to the manifest, and build the class for Java 8, too."
			}
			return fmt.Sprintf("class %s is in the jars for Java %d and newer only", quote(name), release), "Build it for Java 8, too."
		}
	}
	for _, folder := range []string{"BOOT-INF/classes/", "WEB-INF/classes/", "classes/"} {
		if places := l.Lookup(folder + jar.EntryName(name)); len(places) > 0 {
			return fmt.Sprintf("class %s is below %s in %s, where the JVM does not look", quote(name), folder, quote(l.Archives[places[0].Archive].Name)),
				"Build a plain or a shaded jar, not a web application or one of Spring Boot."
		}
	}
	return fmt.Sprintf("class %s is in none of the jars", quote(name)),
		didYouMean(l.ClassPath, name, "Check the name, and that the jar which has the class is among the jars.")
}

// newestJava bounds the search in META-INF/versions.
const newestJava = 40

// unusable says why a class that is in the jars is not of one of some types, or
// why the JVM cannot make an object of it.
func unusable(l *loader, c *classfile.Class, name string, maybe func(outside string) bool, types ...string) (problem, advice string) {
	kin := l.ancestry(c)
	if is, known := kin.is(maybe, types...); !is && known && len(kin.missing)+len(kin.broken) == 0 {
		return fmt.Sprintf("%s does not implement %s", quote(c.Name), types[0]), "Name the class that does."
	}
	return unloadable(l, c, name)
}

// unloadable says why the JVM cannot make an object of a class that is in the
// jars, which it does through a public constructor without parameters.
func unloadable(l *loader, c *classfile.Class, name string) (problem, advice string) {
	kin := l.ancestry(c)
	switch {
	case c.Name != name:
		return fmt.Sprintf("the file of class %s holds the class %s", quote(name), quote(c.Name)), "Build the jar again."
	case len(kin.missing) > 0:
		return fmt.Sprintf("%s builds on %s, which is in none of the jars", quote(name), quote(kin.missing[0])), "Add the jar that has it."
	case kin.circular:
		return fmt.Sprintf("%s builds on itself", quote(name)), "Build the jars again, from sources that go together."
	case len(kin.broken) > 0:
		return fmt.Sprintf("%s builds on %s, which cannot be read: %s", quote(name), quote(kin.broken[0]), l.bad[kin.broken[0]]), "Build the jar again."
	case kin.misfit(l) != "":
		return kin.misfit(l), "The jars are of versions that do not go together: take those that the connector was built with."
	case c.Flags.Interface():
		return fmt.Sprintf("%s is an interface", quote(name)), "Name the class that implements it."
	case c.Flags.Abstract():
		return fmt.Sprintf("%s is abstract", quote(name)), "Name the class that extends it."
	case !c.Flags.Public():
		return fmt.Sprintf("%s is not public", quote(name)), "Make the class public."
	case !c.HasDefaultConstructor():
		return fmt.Sprintf("%s has no public constructor without parameters", quote(name)), "Add one, or name the class that has it."
	}
	return "", ""
}

// didYouMean is advice about a class that was not found.
func didYouMean(path *jar.ClassPath, name, otherwise string) string {
	near := path.Near(name, 3)
	if len(near) == 0 {
		return otherwise
	}
	var quoted []string
	for _, n := range near {
		quoted = append(quoted, quote(n))
	}
	return "Did you mean " + strings.Join(quoted, " or ") + "?"
}
