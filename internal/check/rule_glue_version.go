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
		verdicts := Verdicts(s)
		var bad []Verdict
		for _, v := range verdicts {
			if !v.Loads {
				bad = append(bad, v)
			}
		}
		const advice = "Build for what the version runs, or name the versions that the connector is for in glue-versions."
		if len(s.Glue) > 0 {
			for _, v := range bad {
				fs.add("", connector.Position{}, fmt.Sprintf("Glue %s (%s) cannot load the connector: %s", v.Glue, v.Runs, strings.Join(v.Reasons, "; ")), advice)
			}
			return
		}
		if len(bad) > 0 && len(bad) == len(verdicts) {
			last := bad[len(bad)-1]
			fs.add("", connector.Position{}, fmt.Sprintf("no Glue version in service can load the connector; Glue %s (%s): %s", last.Glue, last.Runs, strings.Join(last.Reasons, "; ")), advice)
		}
	},
}
