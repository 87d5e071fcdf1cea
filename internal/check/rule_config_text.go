package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var configText = Rule{
	ID:       "config-text",
	Severity: Error,
	Summary:  "no value of config.json holds control or invisible characters",
	Why:      "Such characters break logs and forms, and can make a text look like another one.",
	Source:   "AWS Marketplace Catalog API: \"Remove unsupported characters\"",
	Check: func(s *Subject, fs *Findings) {
		c := s.config()
		for _, m := range c.Members {
			if m.Value.Kind != connector.String {
				continue
			}
			if r, ok := hidden(m.Value.Text); ok {
				fs.add(c.Path, m.Value.At, fmt.Sprintf("the value of %s holds the invisible character %U", quote(m.Name), r),
					"Remove it; write the text on one line.")
			}
		}
	},
}
