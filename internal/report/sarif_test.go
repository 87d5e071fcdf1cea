package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
)

// standard is OASIS's schema of SARIF 2.1.0, as a library for Go carries it.
func standard(t *testing.T) *jsonschema.Schema {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatal(err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(out)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text, err := strconv.Unquote(f.Scope.Lookup("schema").Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", v); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// Every report is SARIF by the standard's schema and to another reader, and has
// what GitHub's code scanning asks for.
func TestSARIF(t *testing.T) {
	schema := standard(t)
	reports := map[string]*Report{"whole": whole("x"), "huge": huge()}
	for name, make := range cases {
		reports[name] = make()
	}
	for name, r := range reports {
		t.Run(name, func(t *testing.T) {
			b, err := r.SARIF()
			if err != nil {
				t.Fatal(err)
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); err != nil {
				t.Error(err)
			}
			if i := bytes.IndexFunc(bytes.TrimSuffix(b, []byte("\n")), invisible); i >= 0 || !utf8.Valid(b) {
				t.Errorf("an invisible character at %d", i)
			}
			if c := commands(string(b)); c != nil {
				t.Errorf("the runner obeys %q", c)
			}
			checkSARIF(t, r, b)
		})
	}
}

func checkSARIF(t *testing.T, r *Report, b []byte) {
	t.Helper()
	var log sarif.Report
	var raw sarifLog
	if err := errors.Join(json.Unmarshal(b, &log), json.Unmarshal(b, &raw)); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Results) == 0 && len(r.Findings) > 0 || len(run.Results) > len(r.Findings) || len(b) > maxSARIF {
		t.Errorf("%d results of %d findings, %d bytes", len(run.Results), len(r.Findings), len(b))
	}
	if len(run.Tool.Driver.Rules) != len(check.Rules) {
		t.Errorf("%d rules, want %d", len(run.Tool.Driver.Rules), len(check.Rules))
	}
	prints := map[string]bool{}
	for i, result := range run.Results {
		f := r.Findings[i]
		if *result.RuleID != Line(cmp.Or(f.Rule, "unknown")) || result.Level != string(f.Severity) || *result.Message.Text == "" {
			t.Errorf("result %d is not finding %+v", i, f)
		}
		var own sarifResult // the library has no word for "no index"
		if err := json.Unmarshal(raw.Runs[0].Results[i], &own); err != nil {
			t.Fatal(err)
		}
		if n := own.RuleIndex; n != nil && *run.Tool.Driver.Rules[*n].ID != *result.RuleID || (n == nil) != (reason(f.Rule) == "") {
			t.Errorf("result %d has rule %v", i, n)
		}
		place := result.Locations[0].PhysicalLocation
		uri := *place.ArtifactLocation.URI
		if strings.ContainsAny(uri, " :[]()\\?#") || strings.HasPrefix(uri, "/") || *place.Region.StartLine < 1 || *place.Region.StartColumn < 1 {
			t.Errorf("result %d is at %q", i, uri)
		}
		if strings.Contains(*result.Message.Text, "](") {
			t.Errorf("result %d has a link: %s", i, *result.Message.Text)
		}
		print := result.PartialFingerprints["glueConnectorFinding/v1"]
		if prints[print] || len(print) != 32 {
			t.Errorf("result %d has the fingerprint %q, which is another's or none", i, print)
		}
		prints[print] = true
	}
}

// An alert stays the same when lines move, and findings that say the same keep
// apart.
func TestFingerprints(t *testing.T) {
	finding := func(rule, path, message string, line int) check.Finding {
		return check.Finding{Rule: rule, Path: path, Message: message, At: connector.Position{Line: line, Column: line}}
	}
	prints := func(fs ...check.Finding) (out []string) {
		seen := map[string]int{}
		for _, f := range fs {
			out = append(out, fingerprint(f, seen))
		}
		return out
	}
	was := prints(finding("a", "p", "key repeats line 4", 5), finding("a", "p", "x", 6), finding("a", "p", "x", 7))
	is := prints(finding("a", "p", "key repeats line 14", 15), finding("a", "p", "x", 16), finding("a", "p", "x", 17))
	if diff := gocmp.Diff(was, is); diff != "" {
		t.Error(diff)
	}
	all := append(was, prints(finding("b", "p", "x", 6))[0], prints(finding("a", "q", "x", 6))[0], prints(finding("a", "p", "y", 6))[0])
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 6 {
		t.Errorf("%d fingerprints, want 6", n)
	}
}

// A finding about no file of the repository is about the config.
func TestSARIFPlace(t *testing.T) {
	for _, tt := range []struct {
		path, config string
		line         int
		want         sarifPhysical
	}{
		{"dir a/ü.json", "config.json", 3, sarifPhysical{sarifArtifact{"dir%20a/%C3%BC.json", "%SRCROOT%"}, sarifRegion{3, 1}}},
		{"a.jar", "config.json", 0, sarifPhysical{sarifArtifact{"a.jar", "%SRCROOT%"}, sarifRegion{1, 1}}},
		{"", "sub/config.json", 0, sarifPhysical{sarifArtifact{"sub/config.json", "%SRCROOT%"}, sarifRegion{1, 1}}},
		{"/tmp/x", "../config.json", 9, sarifPhysical{sarifArtifact{"config.json", "%SRCROOT%"}, sarifRegion{1, 1}}},
	} {
		r := &Report{Connector: Connector{ConfigPath: tt.config}}
		got := r.sarifPlace(check.Finding{Path: tt.path, At: connector.Position{Line: tt.line}})
		if diff := gocmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.path, diff)
		}
	}
}
