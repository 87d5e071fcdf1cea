package check

import (
	"fmt"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
)

var sparkService = Rule{
	ID:       "spark-service",
	Severity: Error,
	Summary:  "the data sources that service files register are classes in the jars",
	Why:      "One bad line makes Spark throw ServiceConfigurationError at every look-up of any data source.",
	Source:   "java.util.ServiceLoader; Spark, DataSource.lookupDataSource",
	Check: func(s *Subject, fs *Findings) {
		classes := s.classPath()
		for i, a := range classes.Archives {
			for _, service := range a.Services {
				if service.Interface != glue.RegisterInterface {
					continue
				}
				problem := service.Bad
				if problem == "" && len(classes.Class(service.Provider)) == 0 {
					problem = "the class is in none of the jars"
				}
				if problem != "" {
					fs.add(s.jars()[i].Path, connector.Position{}, fmt.Sprintf("%s registers the data source %s: %s", quote(a.Name), quote(service.Provider), problem),
						didYouMean(classes, service.Provider, "Correct "+glue.RegisterFile+" in the jar, or add the jar that has the class."))
				}
			}
		}
	},
}
