//go:build e2e

package check

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
)

const goodConfig = `{
  "releasetimestamp": "2026-01-02 03:04:05",
  "connectiontype": "MARKETPLACE",
  "classname": %q,
  "publishername": "example",
  "connectortype": %q,
  "version": "1.0.0",
  "description": "Example connector",
  "supportinformation": "https://example.com/support"
}
`

// library holds the jars that were looked into, by path: the same jar is part
// of many subjects.
type library struct {
	t    *testing.T // closes the files
	jars map[string]*connector.Jar
}

func newLibrary(t *testing.T) library { return library{t, map[string]*connector.Jar{}} }

func (l library) jar(path string) *connector.Jar {
	l.t.Helper()
	if j := l.jars[path]; j != nil {
		return j
	}
	f, err := os.Open(path)
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		l.t.Fatal(err)
	}
	name := filepath.Base(path)
	l.jars[path] = connector.NewJar(name, "lib/"+name, info.Size(), f)
	return l.jars[path]
}

// subject is a connector of some jars, whole but for what its class name and
// the jars are, for some Glue versions or any in service.
func (l library) subject(kind, class string, paths []string, versions ...string) *Subject {
	l.t.Helper()
	c := &connector.Connector{Config: connector.ParseConfig("config.json", fmt.Appendf(nil, goodConfig, class, kind))}
	for _, p := range paths {
		c.Jars = append(c.Jars, l.jar(p))
	}
	s := &Subject{Connector: c, Now: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}
	for _, name := range versions {
		v, ok := glue.Find(name)
		if !ok {
			l.t.Fatalf("no Glue version %s", name)
		}
		s.Glue = append(s.Glue, v)
	}
	return s
}

// opinion is what check says of a connector for one Glue version: no for an
// error, unknown for a warning about the class.
type opinion struct {
	loads Answer
	why   []string
}

func opine(s *Subject) opinion {
	o := opinion{loads: Yes}
	for _, f := range Run(s, false) {
		class := f.Severity == Warning && slices.Contains([]string{"class-jdbc", "class-spark", "class-athena"}, f.Rule)
		switch {
		case f.Severity == Error:
			o.loads = No
		case class && o.loads == Yes:
			o.loads = Unknown
		}
		if class || f.Severity == Error {
			o.why = append(o.why, f.String())
		}
	}
	for _, v := range Verdicts(s) {
		o.why = append(o.why, v.Reasons...)
		if v.Loads == No || v.Loads == Unknown && o.loads == Yes {
			o.loads = v.Loads
		}
	}
	return o
}

// entryOf names the class that check takes for the entry class, in the newest
// of the versions; of Athena's two, the metadata handler.
func entryOf(s *Subject) string {
	versions := s.versions()
	for _, c := range s.entries(s.loader(versions[len(versions)-1].Java)) {
		return c.Name
	}
	return ""
}

// leeway says how check may differ from the JVM without being wrong.
type leeway int

const (
	same leeway = iota
	// lacking: something is missing that Glue might ship, and a warning will do.
	lacking
	// damaged: the archive contradicts itself, and the JVM does not look. It may
	// be refused, if that is what is said.
	damaged
	// foreign: a connector for another Spark or Scala, where names are found all
	// the same.
	foreign
)

// testPublished checks a connector as published: no error, and the answers for
// the Glue versions are those of reality.
func testPublished(t *testing.T, l library, p published) {
	var paths []string
	for _, j := range p.jars {
		paths = append(paths, jarPath(t, j))
	}
	for _, name := range p.names {
		s := l.subject(p.kind, name, paths, p.asked...)
		for _, f := range Run(s, false) {
			askedTooMuch := len(p.asked) > 0 && strings.Contains(p.loads, "-") && f.Rule == "glue-version"
			if f.Severity == Error && !askedTooMuch {
				t.Errorf("%s: %s", name, f)
			}
		}
		if got := entryOf(s); got != p.class {
			t.Errorf("%s leads to %q, not to %s", name, got, p.class)
		}
		var got strings.Builder
		for i, v := range Verdicts(s) {
			sign := map[Answer]string{Yes: "+", No: "-", Unknown: "?"}[v.Loads]
			got.WriteString(sign)
			if want := p.loads[i : i+1]; want != "." && want != sign && !(want == "~" && sign != "+") {
				t.Errorf("%s: Glue %s loads it: %s %v", name, v.Glue, v.Loads, v.Reasons)
			}
		}
		t.Logf("%-50s %s", name, got.String())
	}
}
