package check

import (
	"fmt"
	"regexp"
	"strings"

	"glue-connector/internal/connector"
)

var configClassName = Rule{
	ID:       "config-class-name",
	Severity: Error,
	Summary:  "classname is a class name, or for Spark an alias, in plain ASCII",
	Why:      "Glue passes it to the JVM as it is: the customer's job ends with ClassNotFoundException.",
	Source:   "AWS guide, steps 3 and 4; Java Language Specification, 3.8 and 13.1",
	Check: func(s *Subject, fs *Findings) {
		v, ok := s.text(connector.KeyClassName)
		if !ok {
			return
		}
		if problem := classNameProblem(v.Text, s.config().Text(connector.KeyConnectorType)); problem != "" {
			fs.add(s.config().Path, v.At, fmt.Sprintf("classname %s %s", quote(v.Text), problem),
				"Write the full name as in Java, for example com.example.jdbc.ExampleDriver.")
		}
	},
}

var (
	binaryName = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*$`)
	// sparkAlias is wider: data source names such as "cosmos.oltp" or "my-source".
	sparkAlias = regexp.MustCompile(`^[A-Za-z0-9_$-]+(\.[A-Za-z0-9_$-]+)*$`)
)

func classNameProblem(name, connectorType string) string {
	pattern := binaryName
	if t, known := connector.LinkType(connectorType); t == connector.TypeSpark || !known {
		pattern = sparkAlias // SingleStoreSpark is a Spark connector, too
	}
	switch {
	case len(name) > 1024:
		return "is longer than 1,024 bytes, Glue's limit of a connection value"
	case strings.HasSuffix(name, ".class") && binaryName.MatchString(name):
		return "ends in .class, which is the file's name, not the class's"
	case strings.Contains(name, "/"):
		return "holds slashes, where the class name has dots"
	case !pattern.MatchString(name):
		return "is not a class name"
	}
	return ""
}
