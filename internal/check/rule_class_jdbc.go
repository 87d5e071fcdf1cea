package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
)

var classJDBC = Rule{
	ID:       "class-jdbc",
	Severity: Error,
	Summary:  "a JDBC connector's entry class is a driver in the jars that the JVM can make an object of",
	Why:      "Glue loads it by this very name: the customer's job ends with ClassNotFoundException or the like.",
	Source:   "Java SE API, java.sql.Driver; Spark, DriverRegistry",
	Check: func(s *Subject, fs *Findings) {
		name, connectorType, ok := s.entryClass()
		if t, _ := connector.LinkType(connectorType); !ok || t != connector.TypeJDBC {
			return
		}
		path := s.classPath()
		at, file := s.classNameAt()
		if problem, advice := findProblem(path, name); problem != "" {
			fs.add(file, at, problem, advice)
			return
		}
		c := load(path, name)
		if c == nil {
			fs.add(file, at, fmt.Sprintf("class %s cannot be read: its bytes are no class", quote(name)), "Build the jar again.")
			return
		}
		const advice = "Name the driver's own class: the one that implements java.sql.Driver."
		switch kin := isOne(path, c, "java.sql.Driver"); {
		case c.Name != name:
			fs.add(file, at, fmt.Sprintf("the file of class %s holds the class %s", quote(name), quote(c.Name)), "Build the jar again.")
		case c.Flags.Interface():
			fs.add(file, at, fmt.Sprintf("%s is an interface", quote(name)), advice)
		case !kin.is && len(kin.outside) == 0:
			fs.add(file, at, fmt.Sprintf("%s does not implement java.sql.Driver", quote(name)), advice)
		case c.Flags.Abstract():
			fs.add(file, at, fmt.Sprintf("%s is abstract", quote(name)), advice)
		case !c.Flags.Public():
			fs.add(file, at, fmt.Sprintf("%s is not public", quote(name)), "Make the class public.")
		case !c.HasDefaultConstructor():
			fs.add(file, at, fmt.Sprintf("%s has no public constructor without parameters", quote(name)), "Add one, or name the class that has it.")
		case !kin.is:
			fs.addAs(Warning, file, at, fmt.Sprintf("whether %s implements java.sql.Driver is unknown: %s, which it builds on, is in none of the jars", quote(name), quote(kin.outside[0])),
				"Add the jar that has it, unless Glue ships it.")
		}
	},
}

// findProblem says why a class is not found under exactly its name.
func findProblem(path *jar.ClassPath, name string) (problem, advice string) {
	if len(path.Class(name)) > 0 {
		return "", ""
	}
	for release := 9; release <= 25; release++ {
		if len(path.Lookup(fmt.Sprintf("META-INF/versions/%d/%s", release, jar.EntryName(name)))) > 0 {
			return fmt.Sprintf("class %s is in the jars for Java %d and newer only", quote(name), release), "Build it for Java 8, too."
		}
	}
	return fmt.Sprintf("class %s is in none of the jars", quote(name)),
		didYouMean(path, name, "Check the name, and that the jar which has the class is among the jars.")
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
