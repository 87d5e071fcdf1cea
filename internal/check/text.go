package check

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
)

// quote makes untrusted text fit to stand in a message: quoted, ASCII, control
// and look-alike characters visible, and not too long.
func quote(s string) string {
	const most = 120
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "..."
	}
	return strconv.QuoteToASCII(s)
}

// hidden returns the first character of s that a person cannot see, and that
// can make text look or act differently from what it is: control and format
// characters, among them the bidirectional ones.
func hidden(s string) (rune, bool) {
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return r, true
		}
	}
	return 0, false
}

// onlyRunes tells whether s consists of ASCII letters, digits and extra.
func onlyRunes(s, extra string) bool {
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		case strings.ContainsRune(extra, r):
		default:
			return false
		}
	}
	return true
}

// text returns the value of a key that has a usable string: other rules say
// what is wrong with one that has not.
func (s *Subject) text(key string) (connector.Value, bool) {
	if s.Connector == nil || s.Connector.Config == nil {
		return connector.Value{}, false
	}
	v, ok := s.Connector.Config.Get(key)
	return v, ok && v.Kind == connector.String && strings.TrimSpace(v.Text) != ""
}

func (s *Subject) config() *connector.Config {
	if s.Connector == nil || s.Connector.Config == nil {
		return &connector.Config{}
	}
	return s.Connector.Config
}

func (s *Subject) jars() []*connector.Jar {
	if s.Connector == nil {
		return nil
	}
	return s.Connector.Jars
}

// classPath is the set of all jars, as a job has them.
func (s *Subject) classPath() *jar.ClassPath {
	path := &jar.ClassPath{}
	for _, j := range s.jars() {
		path.Archives = append(path.Archives, jar.Named{Name: j.Name, Archive: j.Archive})
	}
	return path
}

func (s *Subject) link() (*connector.Link, bool) {
	if s.Connector == nil || s.Connector.Link == nil {
		return nil, false
	}
	return s.Connector.Link, true
}
