package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
	"glue-connector/internal/jar"
)

var glueBundled = Rule{
	ID:       "glue-bundled",
	Severity: Warning,
	Summary:  "no jar brings along what Glue ships",
	Why:      "Which of the two copies a job gets depends on its options and on chance: NoSuchMethodError, NoClassDefFoundError.",
	Source:   "AWS Glue, migration guides: tables of libraries",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			found := s.bundled(j.Archive)
			if len(found) == 0 {
				continue
			}
			var names []string
			advice := "Leave it out (scope provided), or relocate it with a shading plug-in."
			for _, library := range found {
				names = append(names, library.Name)
				if has := s.shippedVersions(library); has != "" || library.Note != "" {
					advice += fmt.Sprintf(" Of %s: %s.", library.Name, strings.Trim(has+"; "+library.Note, "; "))
				}
			}
			fs.add(j.Path, connector.Position{}, fmt.Sprintf("%s brings along %s, which Glue ships", quote(j.Name), strings.Join(names, ", ")), advice)
		}
	},
}

// shippedVersions says which version of a library the oldest and the newest of the
// Glue versions that are judged have.
func (s *Subject) shippedVersions(library glue.Shipped) string {
	var first, last string
	for _, v := range s.versions() {
		if has := library.VersionIn(v); has != "" && library.ShippedBy(v) {
			last = fmt.Sprintf("Glue %s has %s", v.Name, has)
			first = cmp.Or(first, last)
		}
	}
	if first == last {
		return first
	}
	return first + ", " + last
}

// bundled lists what an archive has that a version which is judged ships, the
// worst first.
func (s *Subject) bundled(a *jar.Archive) []glue.Shipped {
	var breaks, mayClash []glue.Shipped
	for _, library := range glue.Library {
		if !slices.ContainsFunc(s.versions(), library.ShippedBy) || !library.BroughtBy(func(class string) bool { return a.Has(class + ".class") }) {
			continue
		}
		if library.Clash == glue.Breaks {
			breaks = append(breaks, library)
		} else {
			mayClash = append(mayClash, library)
		}
	}
	return append(breaks, mayClash...)
}
