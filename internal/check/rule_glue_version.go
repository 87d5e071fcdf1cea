package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
)

var glueVersion = Rule{
	ID:       "glue-version",
	Severity: Error,
	Summary:  "each Glue version in glue-versions can load the connector, or any in service if none is named",
	Why:      "The customer's job ends with UnsupportedClassVersionError or NoSuchMethodError.",
	Source:   "AWS Glue, release notes and migration guides: Spark, Scala and Java of each version",
	Check: func(s *Subject, fs *Findings) {
		if len(s.jars()) == 0 {
			return
		}
		const advice = "Build for what the version runs, or name the versions that the connector is for in glue-versions."
		var best, doubt string // of the versions that cannot, the one that lacks least; why one may not
		bad, least, doubted := 0, 0, 0
		for _, v := range s.versions() {
			fit := s.fit(v)
			if len(fit.no) > 0 {
				message := fmt.Sprintf("Glue %s (%s) cannot load the connector: %s", v.Name, runs(v), strings.Join(fit.no, "; "))
				if len(s.Glue) > 0 {
					fs.add("", connector.Position{}, message, advice)
				}
				if bad == 0 || len(fit.no) <= least {
					best, least = message, len(fit.no)
				}
				bad++
			} else if len(fit.unknown) > 0 {
				doubted++
				doubt = fmt.Sprintf("whether Glue %s (%s) can load the connector is unknown: %s", v.Name, runs(v), strings.Join(fit.unknown, "; "))
				if len(s.Glue) > 0 {
					fs.addAs(Warning, "", connector.Position{}, doubt, "Try it in a job of that version.")
				}
			}
		}
		if len(s.Glue) == 0 && doubted > 0 && bad+doubted == len(s.versions()) {
			fs.addAs(Warning, "", connector.Position{}, "no Glue version in service is known to load the connector; "+doubt, "Try it in a job.")
		}
		if len(s.Glue) == 0 && bad == len(s.versions()) {
			fs.add("", connector.Position{}, "no Glue version in service can load the connector; "+best, advice)
		}
	},
}
