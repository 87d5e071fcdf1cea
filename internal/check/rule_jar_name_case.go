package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
)

var jarNameCase = Rule{
	ID:       "jar-name-case",
	Severity: Warning,
	Summary:  "no two jars differ only by the case of their names",
	Why:      "It is most often one jar twice, and file systems that ignore case keep only one of them.",
	Source:   "experience",
	Check: func(s *Subject, fs *Findings) {
		first := map[string]*connector.Jar{}
		for _, j := range s.jars() {
			key := strings.ToLower(j.Name)
			if f, ok := first[key]; ok && f.Name != j.Name {
				fs.add(j.Path, connector.Position{}, fmt.Sprintf("%s and %s differ only by case", quote(j.Name), quote(f.Name)),
					"Keep one of them.")
				continue
			}
			first[key] = j
		}
	},
}
