package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var configKeyMissing = Rule{
	ID:       "config-key-missing",
	Severity: Error,
	Summary:  "config.json has all eight keys of the guide",
	Why:      "AWS's guide requires each of them, and reviewers look for them.",
	Source:   "AWS guide, step 3",
	Check: func(s *Subject, fs *Findings) {
		c := s.config()
		if s.Connector == nil || s.Connector.Config == nil || broken(c) {
			return
		}
		for _, key := range connector.ConfigKeys {
			if _, ok := c.Get(key); !ok {
				fs.add(c.Path, connector.Position{Line: 1, Column: 1}, fmt.Sprintf("key %q is missing", key),
					fmt.Sprintf("Add %q with a string value; keys are written in lower case.", key))
			}
		}
	},
}

// broken tells that the file could not be read to its end, so that what it
// lacks may be only what was not read.
func broken(c *connector.Config) bool {
	for _, d := range c.Defects {
		switch d.Kind {
		case connector.DefectSyntax, connector.DefectTooLarge, connector.DefectUTF16:
			return true
		}
	}
	return false
}
