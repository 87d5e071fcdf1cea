package jar

import (
	"bytes"
	"strings"
	"unicode"
)

// cutLine takes a line off a text, as java.io.BufferedReader divides it.
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexAny(b, "\r\n")
	switch {
	case i < 0:
		return b, nil
	case b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n':
		return b[:i], b[i+2:]
	}
	return b[:i], b[i+1:]
}

// Service is one provider line of a file in META-INF/services.
type Service struct {
	Interface string // the file's name
	Provider  string // untrusted
	Line      int
	// Bad says why java.util.ServiceLoader throws at this line, "" if it does not.
	Bad string
}

// isProviderName tells what ServiceLoader takes for the name of a class. A Java
// identifier also has letters beyond ASCII; ServiceLoader only looks at the
// characters, and so does this.
func isProviderName(s string) bool {
	for i, r := range s {
		begins := r == '_' || unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Sc)
		if !begins && (i == 0 || r != '.' && !unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc)) {
			return false
		}
	}
	return s != ""
}

// parseServices adds what a provider file lists, until there are maxFacts, as
// java.util.ServiceLoader reads it: a name a line, after a # comment, in UTF-8.
// A byte order mark is part of the first name for it, and makes it throw.
func parseServices(all []Service, name string, b []byte) []Service {
	for n := 1; len(b) > 0 && len(all) < maxFacts; n++ {
		var line []byte
		line, b = cutLine(b)
		line, _, _ = bytes.Cut(line, []byte("#"))
		// String.trim, which takes less for a blank than Unicode does.
		if line = bytes.TrimFunc(line, func(r rune) bool { return r <= ' ' }); len(line) == 0 {
			continue
		}
		s := Service{Interface: name, Provider: string(line), Line: n}
		switch {
		case strings.HasPrefix(s.Provider, "\ufeff"):
			s.Bad = "the file begins with a byte order mark, which is no part of a class name"
		case strings.ContainsAny(s.Provider, " \t"):
			s.Bad = "a line holds more than one name"
		case !isProviderName(s.Provider):
			s.Bad = "a line holds what is no class name"
		}
		all = add(all, s)
	}
	return all
}

// Coordinates name a Maven artifact.
type Coordinates struct{ Group, Artifact, Version string }

// property reads one of the few properties that are asked for here: no
// continued lines and no escapes occur in them, and none is long.
func property(b []byte, name string) string {
	found := ""
	for len(b) > 0 {
		var line []byte
		line, b = cutLine(b)
		if key, value, ok := bytes.Cut(line, []byte("=")); ok && string(bytes.TrimSpace(key)) == name {
			value = bytes.TrimSpace(value)
			found = string(value[:min(len(value), 256)])
		}
	}
	return found
}
