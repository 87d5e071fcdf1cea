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
		path := s.classPath()
		entry := s.entry(path)
		var bad []string
		for _, v := range s.versions() {
			if reasons := s.incompatible(path, entry, v); len(reasons) > 0 {
				bad = append(bad, fmt.Sprintf("Glue %s (Spark %s, Scala %s, Java %d) cannot load the connector: %s", v.Name, v.Spark, v.Scala, v.Java, strings.Join(reasons, "; ")))
			}
		}
		const advice = "Build for what the version runs, or name the versions that the connector is for in glue-versions."
		if len(s.Glue) > 0 {
			for _, message := range bad {
				fs.add("", connector.Position{}, message, advice)
			}
		} else if len(bad) == len(s.versions()) {
			fs.add("", connector.Position{}, "no Glue version in service can load the connector; "+bad[len(bad)-1], advice)
		}
	},
}
