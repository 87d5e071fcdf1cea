package check

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
	"glue-connector/internal/trial"
	"glue-connector/internal/unpack"
)

var update = flag.Bool("update", false, "write the findings into the fixtures")

const fixtures = "../../testdata/check"

// A fixture is a connector and the findings that it must give, in a txtar:
//
//	config.json      the config
//	a.jar!/X.class   an entry of a jar, which the test zips; classes are
//	                 described as in assemble
//	a.jar            a jar as it is
//	link             parameters of the link, one name: value a line
//	deeplink         a link that exists already
//	image            the image's reference
//	problem          what the unpacker says of the pushed image, code: detail
//	glue             the versions that must load it
//	size             what the first jar weighs, in bytes, if not what it does
//	listing          the version for AWS Marketplace, as JSON; * N behind a text
//	                 repeats it
//	product          the product as AWS has it, as JSON, beside the listing
//	publish          present if the image is meant for subscribers
//	strict           present if warnings are errors
//	want             the findings
//	advice           what to do about them, if the test is about that
//
// Escapes such as \u0007 and \xff in names and contents stand for themselves
// in files whose name ends in .quoted.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixtures, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	fired := map[string]bool{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, strict := subject(t, a)
			var got, advice strings.Builder
			for _, f := range Run(s, strict) {
				got.WriteString(f.String() + "\n")
				advice.WriteString(f.Advice + "\n")
				fired[name+" "+f.Rule] = true
				if f.Advice == "" || f.Message == "" {
					t.Errorf("a finding without message or advice: %+v", f)
				}
			}
			if *update {
				set(a, "want", got.String())
				if get(a, "advice") != nil {
					set(a, "advice", advice.String())
				}
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(get(a, "want")), got.String()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if want := get(a, "advice"); want != nil {
				if diff := cmp.Diff(string(want), advice.String()); diff != "" {
					t.Errorf("advice (-want +got):\n%s", diff)
				}
			}
			if strings.HasPrefix(name, "good") && got.Len() > 0 {
				t.Errorf("a good connector has findings:\n%s", got.String())
			}
		})
	}
	for _, r := range Rules {
		if !fired[r.ID+" "+r.ID] {
			t.Errorf("rule %s has no fixture %s.txtar that fires it", r.ID, r.ID)
		}
		if _, err := os.Stat(filepath.Join(fixtures, r.ID+"-ok.txtar")); err != nil || fired[r.ID+"-ok "+r.ID] {
			t.Errorf("rule %s has no fixture %s-ok.txtar of a near case in which it is silent", r.ID, r.ID)
		}
	}
}

func TestRulesAreWhole(t *testing.T) {
	ids := map[string]bool{}
	for _, r := range Rules {
		ids[r.ID] = true
		if r.Severity == "" || r.Summary == "" || r.Why == "" || r.Source == "" || r.Check == nil {
			t.Errorf("rule %q lacks something", r.ID)
		}
		file := "rule_" + strings.ReplaceAll(r.ID, "-", "_") + ".go"
		if _, err := os.Stat(file); err != nil {
			t.Errorf("rule %q is not in %s", r.ID, file)
		}
	}
	if !slices.IsSortedFunc(Rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the rules are not sorted by ID")
	}
	files, _ := filepath.Glob("rule_*.go")
	for _, f := range files {
		id := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(f, "rule_"), ".go"), "_", "-")
		if !ids[id] && !strings.HasSuffix(f, "_test.go") {
			t.Errorf("%s holds a rule that is not in the list", f)
		}
	}
}

func TestFindingsOfOneRuleAreBounded(t *testing.T) {
	c := &connector.Connector{Config: &connector.Config{}}
	for range 1000 {
		c.Jars = append(c.Jars, connector.NewJar("a,b.jar", "a,b.jar", 0, bytes.NewReader(nil)))
	}
	for _, id := range []string{"jar-name", "jar-archive", "jar-name-duplicate"} {
		n := 0
		for _, f := range Run(&Subject{Connector: c}, false) {
			if f.Rule == id {
				n++
			}
		}
		if n != MaxFindings+1 {
			t.Errorf("%s has %d findings", id, n)
		}
	}
}

func subject(t *testing.T, a *txtar.Archive) (s *Subject, strict bool) {
	t.Helper()
	c := &connector.Connector{}
	s = &Subject{Connector: c, Now: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}
	jars := map[string][]txtar.File{}
	size := int64(0)
	for _, f := range a.Files {
		name, data := f.Name, f.Data
		if n, ok := strings.CutSuffix(name, ".quoted"); ok {
			name, data = unquote(t, n), []byte(unquote(t, strings.TrimSuffix(string(data), "\n")))
		}
		jar, entry, inJar := strings.Cut(name, "!/")
		if inJar && strings.HasPrefix(string(data), "class ") {
			data = assemble(t, string(data))
		}
		switch {
		case name == "config.json":
			c.Config = connector.ParseConfig(name, data)
		case name == "link":
			c.Link = link(string(data))
		case name == "deeplink":
			var err error
			if c.Link, err = connector.ParseLink(string(data)); err != nil {
				t.Fatal(err)
			}
		case name == "image":
			ref, ok := connector.ParseReference(strings.TrimSpace(string(data)))
			if !ok {
				ref.Tag = strings.TrimSpace(string(data)) // a tag that is none
			}
			c.Image = ref
		case name == "problem":
			s.Unpacked = problems(string(data))
		case name == "glue-tests.yaml":
			s.Plan = trial.Parse(name, data, trial.JDBC, "com.acme.Driver")
		case name == "tests":
			if err := json.Unmarshal(data, &s.Tests); err != nil {
				t.Fatal(err)
			}
		case name == "glue":
			for _, v := range strings.Fields(string(data)) {
				version, ok := glue.Find(v)
				if !ok {
					t.Fatalf("no Glue version %s", v)
				}
				s.Glue = append(s.Glue, version)
			}
		case name == "size":
			size, _ = strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64)
		case name == "listing":
			s.Listing = &connector.Listing{}
			readJSON(t, data, s.Listing)
		case name == "product":
			s.Market = &Market{Product: &connector.Product{}}
			readJSON(t, data, s.Market.Product)
		case name == "publish":
			s.Publish = true
		case name == "strict":
			strict = true
		case name == "want", name == "advice":
		case inJar:
			jars[jar] = append(jars[jar], txtar.File{Name: entry, Data: data})
		default:
			jars[name] = append(jars[name], txtar.File{Data: data})
		}
	}
	for path, entries := range jars {
		b := entries[0].Data
		if entries[0].Name != "" {
			b = zipped(t, entries)
		}
		c.Jars = append(c.Jars, connector.NewJar(path[strings.LastIndex(path, "/")+1:], path, int64(len(b)), bytes.NewReader(b)))
	}
	connector.SortJars(c.Jars)
	if s.Market != nil { // the rules about the texts alone have been applied by then
		s.Market.Listing, s.Listing = s.Listing, nil
	}
	if size > 0 {
		c.Jars[0].Size = size
	}
	return s, strict
}

// readJSON reads a document in which "x * 65" stands for 65 times x.
func readJSON(t *testing.T, data []byte, v any) {
	t.Helper()
	data = repeated.ReplaceAllFunc(data, func(b []byte) []byte {
		m := repeated.FindSubmatch(b)
		n, _ := strconv.Atoi(string(m[2]))
		return []byte(`"` + strings.Repeat(string(m[1]), n) + `"`)
	})
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatal(err)
	}
}

var repeated = regexp.MustCompile(`"([^"]*) \* (\d+)"`)

func link(text string) *connector.Link {
	l := &connector.Link{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "name":
			l.Name = value
		case "type":
			l.Type = value
		case "description":
			l.Description = value
		case "url":
			l.URL = value
		case "version":
			l.Version = value
		case "class":
			l.ClassName = value
		case "delimiter":
			l.Delimiter = value
		case "jdbc":
			title, template, _ := strings.Cut(value, "=")
			if n, ok := strings.CutPrefix(template, "repeat "); ok {
				template = "jdbc:x:" + strings.Repeat("x", len(n)*100)
			}
			l.JDBCURLs = append(l.JDBCURLs, connector.JDBCURL{Title: title, Template: template})
		}
	}
	return l
}

func problems(text string) *unpack.Result {
	r := &unpack.Result{}
	for line := range strings.Lines(text) {
		code, detail, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		r.Problems = append(r.Problems, unpack.Problem{Code: unpack.Code(code), Detail: detail})
	}
	return r
}

func zipped(t *testing.T, entries []txtar.File) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := w.Create(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(e.Data)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
