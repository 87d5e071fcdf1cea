package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var jarNameDuplicate = Rule{
	ID:       "jar-name-duplicate",
	Severity: Error,
	Summary:  "no two jars have the same name",
	Why:      "All jars lie in one folder, /jars: one of the two would overwrite the other.",
	Source:   "AWS guide, step 3 (container-setup.sh copies all jars into one folder)",
	Check: func(s *Subject, fs *Findings) {
		first := map[string]*connector.Jar{}
		for _, j := range s.jars() {
			if f, ok := first[j.Name]; ok {
				fs.add(j.Path, connector.Position{}, fmt.Sprintf("%s has the name of %s", quote(j.Path), quote(f.Path)),
					"Rename one of the two, or leave one out with a pattern such as !lib/old/*.jar.")
				continue
			}
			first[j.Name] = j
		}
	},
}
