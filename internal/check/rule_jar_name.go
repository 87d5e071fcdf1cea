package check

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"glue-connector/internal/connector"
)

var jarName = Rule{
	ID:       "jar-name",
	Severity: Error,
	Summary:  "each jar's name ends in .jar and holds no comma or odd character",
	Why:      "Glue takes files that end exactly in .jar, and joins their paths with commas: another name is lost or breaks the job.",
	Source:   "aws-glue-libs, activate_etl_connector.py",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			severity, problem, advice := jarNameProblem(j.Name)
			if problem != "" {
				fs.addAs(severity, j.Path, connector.Position{}, quote(j.Name)+" "+problem, advice)
			}
		}
	},
}

var plainJarName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]*\.jar$`)

func jarNameProblem(name string) (Severity, string, string) {
	const rename = "Rename the file: letters, digits, dots, dashes, underscores."
	_, invisible := hidden(name)
	switch ext := path.Ext(name); {
	case strings.Contains(name, ","):
		return Error, "holds a comma: Glue joins the paths of the jars with commas", rename
	case !utf8.ValidString(name), invisible:
		return Error, "holds bytes that are no visible characters", rename
	case len(name) > 255:
		return Error, "is longer than 255 bytes", rename
	case ext != ".jar" && strings.EqualFold(ext, ".jar"):
		return Error, fmt.Sprintf("ends in %s, and Glue looks for .jar exactly", quote(ext)), "Rename the file to end in .jar."
	case ext != ".jar":
		return Error, "does not end in .jar, and Glue would not load it", "Name only jars; leave out other files with a pattern such as lib/*.jar."
	case strings.HasPrefix(name, ".wh."):
		return Error, "begins with .wh., which container engines take for a deletion", rename
	case len(name) > 132, !plainJarName.MatchString(name):
		return Warning, "holds characters that shells, logs or URLs may change", rename
	}
	return "", "", ""
}
