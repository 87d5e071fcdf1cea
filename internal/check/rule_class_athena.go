package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
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
		if _, found := handlers(s.classPath(), name); found {
			return
		}
		at, file := s.classNameAt()
		want := handlerPrefix(name)
		fs.add(file, at, fmt.Sprintf("%s leads to no pair of handlers in the jars", quote(name)),
			fmt.Sprintf("The jars should have %s and %s.", quote(want+"MetadataHandler"), quote(want+"RecordHandler")))
	},
}

// handlerPrefix is P.x.X for P.X, as in AWS's own connectors.
func handlerPrefix(name string) string {
	i := strings.LastIndex(name, ".")
	return name[:i+1] + strings.ToLower(name[i+1:]) + "." + name[i+1:]
}

// handlers finds the pair that a name leads to, by its metadata handler: after
// the pattern of AWS's connectors, of that very prefix, or any pair below a
// package of that name.
func handlers(classes *jar.ClassPath, name string) (metadata string, found bool) {
	const suffix, partner = "MetadataHandler", "RecordHandler"
	for _, prefix := range []string{handlerPrefix(name), name} {
		if len(classes.Class(prefix+suffix)) > 0 && len(classes.Class(prefix+partner)) > 0 {
			return prefix + suffix, true
		}
	}
	record := false
	for _, a := range classes.Archives {
		a.Names(func(entry string) bool {
			if class, ok := jar.ClassName(entry); ok && strings.HasPrefix(class, name+".") {
				record = record || strings.HasSuffix(class, partner)
				if strings.HasSuffix(class, suffix) {
					metadata = class
				}
			}
			return true
		})
	}
	return metadata, record && metadata != ""
}
