package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var jarNested = Rule{
	ID:       "jar-nested",
	Severity: Warning,
	Summary:  "no jar holds other jars",
	Why:      "Spark's class loaders do not look into a jar inside of a jar: its classes are not found.",
	Source:   "java.net.URLClassLoader",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			if n := len(j.Archive.Nested); n > 0 {
				fs.add(j.Path, connector.Position{}, fmt.Sprintf("%s holds %d archives, such as %s, that no job loads", quote(j.Name), n, quote(j.Archive.Nested[0])),
					"Give the jars inside as files of their own, or merge their classes with a shading plug-in.")
			}
		}
	},
}
