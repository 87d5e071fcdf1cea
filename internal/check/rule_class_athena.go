package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
	"glue-connector/internal/jar"
)

var classAthena = Rule{
	ID:       "class-athena",
	Severity: Warning,
	Summary:  "an Athena connector's class name is the prefix of a metadata and a record handler in the jars",
	Why:      "Glue makes the two names of the prefix; how exactly is not published, so this is no error.",
	Source:   "AWS Glue, Athena connectors: className; the names in aws-athena-query-federation",
	Check: func(s *Subject, fs *Findings) {
		name, connectorType, ok := s.entryClass()
		if t, _ := connector.LinkType(connectorType); !ok || t != connector.TypeAthena {
			return
		}
		l := s.newest()
		at, file := s.classNameAt()
		metadata, record := handlers(l.ClassPath, name)
		if metadata == "" || record == "" {
			want := handlerPrefix(name)
			fs.add(file, at, fmt.Sprintf("%s leads to no pair of handlers in the jars", quote(name)),
				fmt.Sprintf("The jars should have %s and %s.", quote(want+metadataSuffix), quote(want+recordSuffix)))
			return
		}
		for _, h := range []struct{ class, base string }{{metadata, glue.MetadataHandler}, {record, glue.RecordHandler}} {
			if problem, advice := notHandler(l, h.class, h.base); problem != "" {
				fs.add(file, at, problem, advice)
			}
		}
	},
}

// The ends of the handlers' names.
const (
	metadataSuffix = "MetadataHandler"
	recordSuffix   = "RecordHandler"
)

// notHandler says why Glue cannot use a handler: it has to extend the class of
// the federation SDK.
func notHandler(l *loader, class, base string) (problem, advice string) {
	c := l.load(class)
	if c == nil {
		return fmt.Sprintf("class %s cannot be read: %s", quote(class), l.bad[class]), "Build the jar again."
	}
	kin := l.ancestry(c)
	if is, known := kin.is(mayBeHandler, base); !is && known && len(kin.missing)+len(kin.broken) == 0 {
		return fmt.Sprintf("%s does not extend %s", quote(class), base), "Extend the handler of the Athena federation SDK, version 2020.5.1 for Glue."
	}
	return unloadable(l, c, class)
}

// mayBeHandler is for the SDK's own classes, which extend each other.
func mayBeHandler(class string) bool { return strings.HasPrefix(class, "com.amazonaws.athena.") }

// handlerPrefix is P.x.X for P.X, as in AWS's own connectors.
func handlerPrefix(name string) string {
	i := strings.LastIndex(name, ".")
	return name[:i+1] + strings.ToLower(name[i+1:]) + "." + name[i+1:]
}

// handlers finds the pair that a name leads to: after the pattern of AWS's
// connectors, of that very prefix, or any pair below a package of that name.
func handlers(classes *jar.ClassPath, name string) (metadata, record string) {
	for _, prefix := range []string{handlerPrefix(name), name} {
		if len(classes.Class(prefix+metadataSuffix)) > 0 && len(classes.Class(prefix+recordSuffix)) > 0 {
			return prefix + metadataSuffix, prefix + recordSuffix
		}
	}
	for _, a := range classes.Archives {
		a.Names(func(entry string) bool {
			class, ok := jar.ClassName(entry)
			if !ok || !strings.HasPrefix(class, name+".") {
				return true
			}
			if strings.HasSuffix(class, metadataSuffix) && class != glue.MetadataHandler {
				metadata = class
			}
			if strings.HasSuffix(class, recordSuffix) && class != glue.RecordHandler {
				record = class
			}
			return metadata == "" || record == ""
		})
	}
	return metadata, record
}
