package check

import (
	"glue-connector/internal/connector"
)

var configSyntax = Rule{
	ID:       "config-syntax",
	Severity: Error,
	Summary:  "config.json is one JSON object of at most 64 KiB",
	Why:      "Whoever reads the file in AWS's publishing process cannot read it.",
	Source:   "AWS guide, step 3; RFC 8259",
	Check: func(s *Subject, fs *Findings) {
		c := s.config()
		for _, d := range c.Defects {
			if d.Kind == connector.DefectSyntax || d.Kind == connector.DefectTooLarge {
				fs.add(c.Path, d.At, "cannot be read: "+d.Text,
					"Write plain JSON: double quotes, no comments, no comma after the last value.")
			}
		}
	},
}
