package check

import (
	"fmt"
	"path"
	"strings"

	"glue-connector/internal/connector"
)

var classAthena = Rule{
	ID:       "class-athena",
	Severity: Warning,
	Summary:  "an Athena connector's class name is the prefix of a metadata and a record handler in the jars",
	Why:      "Glue makes the two names of the prefix; how exactly is not published, so this is no error.",
	Source:   "AWS Glue developer guide, connection type athena: className",
	Check: func(s *Subject, fs *Findings) {
		name, connectorType, ok := s.entryClass()
		if t, _ := connector.LinkType(connectorType); !ok || t != connector.TypeAthena {
			return
		}
		classes := s.classPath()
		i := strings.LastIndex(name, ".")
		pkg, simple := name[:max(i, 0)], name[i+1:]
		dot := func(parts ...string) string { return strings.TrimPrefix(strings.Join(parts, "."), ".") }
		for _, prefix := range []string{dot(pkg, strings.ToLower(simple), simple), dot(pkg, simple)} {
			if len(classes.Class(prefix+"MetadataHandler")) > 0 && len(classes.Class(prefix+"RecordHandler")) > 0 {
				return
			}
		}
		metadata, record := false, false
		for _, a := range classes.Archives {
			a.Names(func(entry string) bool {
				if strings.HasPrefix(entry, strings.ReplaceAll(name, ".", "/")+"/") {
					metadata = metadata || strings.HasSuffix(path.Base(entry), "MetadataHandler.class")
					record = record || strings.HasSuffix(path.Base(entry), "RecordHandler.class")
				}
				return true
			})
		}
		if metadata && record {
			return
		}
		at, file := s.classNameAt()
		want := dot(pkg, strings.ToLower(simple), simple)
		fs.add(file, at, fmt.Sprintf("%s leads to no pair of handlers in the jars", quote(name)),
			fmt.Sprintf("The jars should have %s and %s.", quote(want+"MetadataHandler"), quote(want+"RecordHandler")))
	},
}
