package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
)

var configKeyDuplicate = Rule{
	ID:       "config-key-duplicate",
	Severity: Error,
	Summary:  "no key of config.json appears twice, in whatever case",
	Why:      "Readers differ in which of the two they take, so AWS may see another value than you.",
	Source:   "RFC 8259, section 4",
	Check: func(s *Subject, fs *Findings) {
		c := s.config()
		first := map[string]connector.Member{}
		for _, m := range c.Members {
			// EqualFold's folding, so that the long s counts as an s, as in encoding/json.
			key := strings.ToLower(strings.ToUpper(m.Name))
			if f, ok := first[key]; ok {
				fs.add(c.Path, m.At, fmt.Sprintf("key %s repeats %s of line %d", quote(m.Name), quote(f.Name), f.At.Line),
					"Keep one of the two.")
				continue
			}
			first[key] = m
		}
	},
}
