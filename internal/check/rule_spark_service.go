package check

import (
	"fmt"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
	"glue-connector/internal/jar"
)

var sparkService = Rule{
	ID:       "spark-service",
	Severity: Error,
	Summary:  "the data sources that service files register are classes in the jars that the JVM can make objects of",
	Why:      "One bad line makes Spark throw ServiceConfigurationError at every look-up of any data source.",
	Source:   "java.util.ServiceLoader; Spark, DataSource.lookupDataSource",
	Check: func(s *Subject, fs *Findings) {
		l := s.newest()
		for i, a := range l.Archives {
			for _, service := range a.Services {
				if service.Interface != glue.RegisterInterface {
					continue
				}
				severity, problem := notRegistered(l, service)
				if problem != "" {
					fs.addAs(severity, s.jars()[i].Path, connector.Position{}, fmt.Sprintf("%s registers the data source %s: %s", quote(a.Name), quote(service.Provider), problem),
						didYouMean(l.ClassPath, service.Provider, "Correct "+glue.RegisterFile+" in the jar, or add the jar that has the class."))
				}
			}
		}
	},
}

// notRegistered says why ServiceLoader throws at a line.
func notRegistered(l *loader, s jar.Service) (Severity, string) {
	c := l.load(s.Provider)
	switch {
	case s.Bad != "":
		return Error, s.Bad
	case c == nil && len(l.Class(s.Provider)) > 0:
		return Error, l.bad[s.Provider]
	case c == nil && glue.MayHave(s.Provider):
		return Warning, "the class is in none of the jars, and Glue must have it"
	case c == nil:
		return Error, "the class is in none of the jars"
	}
	if is, known := l.ancestry(c).is(glue.MayRegister, glue.RegisterInterface); !is && known {
		return Error, "the class does not implement " + glue.RegisterInterface
	}
	problem, _ := unloadable(l, c, s.Provider)
	return Error, problem
}
