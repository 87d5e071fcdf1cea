package jar

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Manifest holds the main attributes of META-INF/MANIFEST.MF.
type Manifest struct {
	MultiRelease bool
	ClassPath    string
	Title        string // Implementation-Title
	Version      string // Implementation-Version, else Bundle-Version
	ScalaVersion string // of sbt and others
	// Sealed tells that the jar's packages are in no other jar.
	Sealed bool
	// Present tells that there is one.
	Present bool
}

// parseManifest reads the main section: lines of name: value, continued by a
// line that begins with a blank (JAR file specification).
func parseManifest(b []byte) Manifest {
	m, bundle := Manifest{Present: true}, ""
	// The JDK takes no line that does not end.
	b = b[:bytes.LastIndexAny(b, "\r\n")+1]
	for len(b) > 0 {
		var line []byte
		if line, b = cutLine(b); len(line) == 0 {
			break // what follows is about single entries
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		field := m.field(name, &bundle)
		folded := len(b) > 0 && b[0] == ' '
		if bytes.EqualFold(name, []byte("multi-release")) {
			// The JDK also looks for the line as a whole, and trims nothing.
			m.MultiRelease = bytes.EqualFold(value, []byte(" true")) && !folded
		}
		if bytes.EqualFold(name, []byte("sealed")) {
			m.Sealed = strings.EqualFold(string(bytes.TrimSpace(value)), "true")
		}
		if folded && field != nil {
			value = slices.Clone(value)
		}
		for len(b) > 0 && b[0] == ' ' {
			if line, b = cutLine(b[1:]); field != nil && len(value) < maxText {
				value = append(value, line...)
			}
		}
		value = bytes.TrimSpace(value)
		if field != nil && string(value) != *field {
			*field = string(value)
		}
	}
	m.Version = cmp.Or(m.Version, bundle)
	return m
}

// maxManifestLine is that of java.util.jar.Manifest, in bytes, line end included.
const maxManifestLine = 512

// manifestProblem says why java.util.jar.Manifest refuses a manifest, "" if it
// takes it. The JVM reads the manifest before it defines the first class of a jar.
func manifestProblem(b []byte) string {
	b = b[:bytes.LastIndexAny(b, "\r\n")+1]
	main, begins, continues := true, true, false // the main section; a section's begin; a line may go on
	for len(b) > 0 {
		line, rest := cutLine(b)
		if len(b)-len(rest) > maxManifestLine {
			return "a line of the manifest is longer than 512 bytes"
		}
		b = rest
		switch {
		case len(line) == 0:
			main, begins, continues = false, true, false
		case line[0] == ' ' && !continues:
			return "a line of the manifest continues none"
		case line[0] == ' ':
		case !main && begins && !(len(line) >= 6 && bytes.EqualFold(line[:6], []byte("Name: "))):
			return "a section of the manifest does not begin with a Name"
		default:
			name, value, ok := bytes.Cut(line, []byte(":"))
			if !ok || len(value) == 0 || value[0] != ' ' {
				return "a line of the manifest is no name, colon, blank and value"
			}
			if len(name) > 70 || !attributeName.Match(name) {
				return "a name in the manifest holds other characters than letters, digits, dashes and underscores, or has more than 70"
			}
			begins, continues = false, true
		}
	}
	return ""
}

var attributeName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// field is where an attribute's value goes, nil for one that does not matter.
func (m *Manifest) field(name []byte, bundle *string) *string {
	is := func(other string) bool { return len(name) == len(other) && bytes.EqualFold(name, []byte(other)) }
	switch {
	case is("class-path"):
		return &m.ClassPath
	case is("implementation-title"):
		return &m.Title
	case is("implementation-version"):
		return &m.Version
	case is("bundle-version"):
		return bundle
	case is("scala-version"):
		return &m.ScalaVersion
	}
	return nil
}
