package check

import (
	"fmt"

	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
)

var jdbcService = Rule{
	ID:       "jdbc-service",
	Severity: Warning,
	Summary:  "the driver that a jar registers with java.sql.DriverManager is the entry class, or of its family",
	Why:      "DriverManager stops at a line that it cannot load; one that names another driver often means that the class name is an old one.",
	Source:   "java.sql.DriverManager; java.util.ServiceLoader",
	Check: func(s *Subject, fs *Findings) {
		name, connectorType, ok := s.entryClass()
		if t, _ := connector.LinkType(connectorType); !ok || t != connector.TypeJDBC {
			return
		}
		l := s.newest()
		for i, a := range l.Archives {
			own, others := a.Has(jar.EntryName(name)), []string{}
			for _, service := range a.Services {
				if service.Interface != driverInterface || len(fs.list) > MaxFindings {
					continue
				}
				problem := service.Bad
				if problem == "" && len(l.Class(service.Provider)) == 0 {
					problem = "the class is in none of the jars"
				}
				if problem != "" {
					fs.add(s.jars()[i].Path, connector.Position{}, fmt.Sprintf("%s registers the driver %s: %s", quote(a.Name), quote(service.Provider), problem),
						fs.advise(func() string { return didYouMean(l.ClassPath, service.Provider, correctDriver) }, correctDriver))
					continue
				}
				own = own && !related(l, name, service.Provider)
				others = append(others, service.Provider)
			}
			if own && len(others) > 0 {
				at, file := s.classNameAt()
				fs.add(file, at, fmt.Sprintf("%s is not the driver that %s registers: that is %s", quote(name), quote(a.Name), quote(others[0])),
					"Name the one that is meant for users; the other may be internal or old.")
			}
		}
	},
}

const (
	driverInterface = "java.sql.Driver"
	correctDriver   = "Correct META-INF/services/java.sql.Driver in the jar, or add the jar that has the class."
)

// related tells whether one of two classes is the other or builds on it.
func related(l *loader, a, b string) bool {
	builds := func(on, name string) bool {
		c := l.load(name)
		return c != nil && l.ancestry(c).names[on]
	}
	return a == b || builds(a, b) || builds(b, a)
}
