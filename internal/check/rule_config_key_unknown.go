package check

import (
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/connector"
)

var configKeyUnknown = Rule{
	ID:       "config-key-unknown",
	Severity: Warning,
	Summary:  "config.json has no other keys than the guide's eight",
	Why:      "Nothing reads another key; most often it is one of the eight, misspelt.",
	Source:   "AWS guide, step 3",
	Check: func(s *Subject, fs *Findings) {
		c := s.config()
		for _, m := range c.Members {
			if slices.Contains(connector.ConfigKeys, m.Name) {
				continue
			}
			advice := "Remove it."
			if key := nearestKey(m.Name); key != "" {
				advice = fmt.Sprintf("Did you mean %q?", key)
			}
			fs.add(c.Path, m.At, fmt.Sprintf("key %s is not one of the guide's eight", quote(m.Name)), advice)
		}
	},
}

// nearestKey finds the key that a misspelt one was meant to be: the same
// letters but for case, dashes and underscores, or one or two edits away, or
// else the only one of which it is a part, as publisher is of publishername.
func nearestKey(name string) string {
	if len(name) > 64 {
		return ""
	}
	plain := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
	for _, key := range connector.ConfigKeys {
		if distance(plain, key) <= 2 {
			return key
		}
	}
	whole := ""
	for _, key := range connector.ConfigKeys {
		if len(plain) >= 5 && strings.Contains(key, plain) || strings.Contains(plain, key) {
			if whole != "" {
				return ""
			}
			whole = key
		}
	}
	return whole
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
