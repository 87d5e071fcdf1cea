package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var classDuplicate = Rule{
	ID:       "class-duplicate",
	Severity: Warning,
	Summary:  "no class is in two jars with different content",
	Why:      "Glue lists the jars in the order of a folder, which is none: which of the two a job gets is chance.",
	Source:   "aws-glue-libs, activate_etl_connector.py; java.net.URLClassLoader",
	Check: func(s *Subject, fs *Findings) {
		path := s.classPath()
		for _, c := range path.Clashes() {
			a, b := path.Archives[c.Archives[0]], path.Archives[c.Archives[1]]
			more := ""
			if c.Count > 1 {
				more = fmt.Sprintf(" and %d more classes", c.Count-1)
			}
			fs.add(s.jars()[c.Archives[1]].Path, connector.Position{}, fmt.Sprintf("%s and %s both have %s%s, with different content", quote(a.Name), quote(b.Name), quote(c.Example), more),
				"Keep one of the two jars, or relocate the classes of one.")
		}
	},
}
