package check

import (
	"fmt"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
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
		l := s.newest()
		at, file := s.classNameAt()
		if problem, advice := absent(l, name); problem != "" {
			fs.add(file, at, problem, advice)
			return
		}
		c := l.load(name)
		if c == nil {
			fs.add(file, at, fmt.Sprintf("class %s cannot be read: %s", quote(name), l.bad[name]), "Build the jar again.")
			return
		}
		const itself = "Name the driver's own class: the one that implements java.sql.Driver."
		kin := l.ancestry(c)
		is, known := kin.is(glue.MayBeDriver, driverInterface)
		problem, advice := unloadable(l, c, name)
		switch {
		case !is && known && len(kin.missing)+len(kin.broken) == 0:
			fs.add(file, at, fmt.Sprintf("%s does not implement %s", quote(name), driverInterface), itself)
		case problem != "":
			fs.add(file, at, problem, advice)
		case !is:
			fs.addAs(Warning, file, at, fmt.Sprintf("whether %s implements %s is unknown: %s, which it builds on, is in none of the jars", quote(name), driverInterface, quote(kin.outside[0])),
				"Add the jar that has it, unless Glue ships it.")
		}
	},
}
