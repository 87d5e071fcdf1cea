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
	Check:    func(s *Subject, fs *Findings) { s.reportEntry(fs, connector.TypeJDBC) },
}

// driverProblem says why a name is not that of a driver which the JVM can use.
func driverProblem(l *loader, name string) problem {
	if message, advice := absent(l, name); message != "" {
		return problem{Error, message, advice}
	}
	c := l.load(name)
	if c == nil {
		return problem{Error, fmt.Sprintf("class %s cannot be read: %s", quote(name), l.bad[name]), "Build the jar again."}
	}
	kin := l.ancestry(c)
	is, known := kin.is(glue.MayBeDriver, driverInterface)
	if !is && known && len(kin.missing)+len(kin.broken) == 0 {
		return problem{Error, fmt.Sprintf("%s does not implement %s", quote(name), driverInterface),
			"Name the driver's own class: the one that implements java.sql.Driver."}
	}
	if message, advice := unloadable(l, c, name); message != "" {
		return problem{Error, message, advice}
	}
	if !is {
		return problem{Warning, fmt.Sprintf("whether %s implements %s is unknown: %s, which it builds on, is in none of the jars", quote(name), driverInterface, quote(kin.outside[0])),
			"Add the jar that has it, unless Glue ships it."}
	}
	return problem{}
}
