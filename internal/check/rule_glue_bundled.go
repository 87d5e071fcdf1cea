package check

import (
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
)

var glueBundled = Rule{
	ID:       "glue-bundled",
	Severity: Warning,
	Summary:  "no jar brings along what Glue ships",
	Why:      "Which of the two copies a job gets is chance: NoSuchMethodError, NoClassDefFoundError.",
	Source:   "AWS Glue, migration guides: tables of libraries",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			var found []string
			for _, library := range glue.Library {
				if slices.ContainsFunc(s.versions(), library.ShippedBy) && library.BroughtBy(func(class string) bool { return j.Archive.Has(class + ".class") }) {
					found = append(found, library.Name)
				}
			}
			if len(found) > 0 {
				fs.add(j.Path, connector.Position{}, fmt.Sprintf("%s brings along %s, which Glue ships", quote(j.Name), strings.Join(found, ", ")),
					"Leave it out (scope provided), or relocate it with a shading plug-in.")
			}
		}
	},
}
