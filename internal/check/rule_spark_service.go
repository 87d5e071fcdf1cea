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
				if service.Interface != glue.RegisterInterface || len(fs.list) > MaxFindings {
					continue
				}
				p := notRegistered(l, service)
				if p.message == "" {
					continue
				}
				if p.advice == "" {
					correct := "Correct " + glue.RegisterFile + " in the jar, or add the jar that has the class."
					p.advice = fs.advise(func() string { return didYouMean(l.ClassPath, service.Provider, correct) }, correct)
				}
				fs.addAs(p.severity, s.jars()[i].Path, connector.Position{}, fmt.Sprintf("%s registers the data source %s: %s", quote(a.Name), quote(service.Provider), p.message), p.advice)
			}
		}
	},
}

// notRegistered says why ServiceLoader throws at a line. It has no advice where
// another name may have been meant.
func notRegistered(l *loader, s jar.Service) problem {
	c := l.load(s.Provider)
	switch {
	case s.Bad != "":
		return problem{Error, s.Bad, ""}
	case c == nil && len(l.Class(s.Provider)) > 0:
		return problem{Error, l.bad[s.Provider], "Build the jar again."}
	case c == nil && glue.MayHave(s.Provider):
		return problem{Warning, "the class is in none of the jars, and Glue must have it", ""}
	case c == nil:
		return problem{Error, "the class is in none of the jars", ""}
	}
	if message, advice := unusable(l, c, s.Provider, glue.MayRegister, glue.RegisterInterface); message != "" {
		return problem{Error, message, advice}
	}
	return problem{}
}

// badlyRegistered says why ServiceLoader throws on one version only: a class may
// be there for a newer Java.
func (s *Subject) badlyRegistered(l *loader) []string {
	for _, a := range l.Archives {
		for _, service := range a.Services {
			if service.Interface == glue.RegisterInterface && notRegistered(l, service).severity == Error && notRegistered(s.newest(), service).severity != Error {
				return []string{fmt.Sprintf("%s registers the data source %s: %s", quote(a.Name), quote(service.Provider), notRegistered(l, service).message)}
			}
		}
	}
	return nil
}
