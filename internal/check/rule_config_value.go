package check

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"glue-connector/internal/connector"
)

var configValue = Rule{
	ID:       "config-value",
	Severity: Error,
	Summary:  "the value of each key is a string that is not blank",
	Why:      "AWS's tools and reviewers expect eight strings; a missing value is found weeks later.",
	Source:   "AWS guide, step 3",
	Check: func(s *Subject, fs *Findings) {
		c := s.config()
		for _, m := range c.Members {
			if !slices.Contains(connector.ConfigKeys, m.Name) {
				continue
			}
			switch {
			case m.Value.Kind != connector.String:
				fs.add(c.Path, m.Value.At, fmt.Sprintf("%q is of type %s, not a string", m.Name, m.Value.Kind),
					"Write the value in double quotes.")
			case blank(m.Value.Text):
				fs.add(c.Path, m.Value.At, fmt.Sprintf("%q is empty", m.Name), "Give it a value.")
			}
		}
	},
}

// blank tells a text of which nothing is to be seen.
func blank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool {
		_, unseen := hidden(string(r))
		return unseen || unicode.IsSpace(r)
	}) == ""
}
