package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var linkClassName = Rule{
	ID:       "link-class-name",
	Severity: Error,
	Summary:  "the link names the entry class",
	Why:      "The subscriber cannot edit the field, and every job of the connection needs it.",
	Source:   "AWS guide, step 4: connectorClassName",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		if !ok {
			return
		}
		if l.ClassName == "" {
			fs.add("", connector.Position{}, "the link has no class name", "Give connector-class-name, or classname in config.json.")
			return
		}
		if v, ok := s.text(connector.KeyClassName); ok && v.Text == l.ClassName {
			return // config-class-name looks at it, with line and column
		}
		if problem := classNameProblem(l.ClassName, l.Type); problem != "" {
			fs.add("", connector.Position{}, fmt.Sprintf("connector-class-name %s %s", quote(l.ClassName), problem),
				"Write the full name as in Java, for example com.example.jdbc.ExampleDriver.")
		}
	},
}
