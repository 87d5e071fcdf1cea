package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// What a run writes, the job that comments reads, the same; a schema of its
// own version holds for it.
func TestJSON(t *testing.T) {
	reports := map[string]*Report{"whole": whole("x"), "huge": huge(), "wide": whole(strings.Repeat("\U000e0041", 5000))}
	for name, make := range cases {
		reports[name] = make()
	}
	for name, r := range reports {
		t.Run(name, func(t *testing.T) {
			b, err := r.JSON()
			if err != nil {
				t.Fatal(err)
			}
			if len(b) > MaxJSON {
				t.Errorf("%d bytes, more than %d", len(b), MaxJSON)
			}
			if bytes.Contains(b, []byte("null")) {
				t.Error("a null: readers want empty lists")
			}
			got, err := Parse(b)
			if name == "hostile" {
				if err == nil {
					t.Error("names out of form are taken")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r.bounded(), got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			again, err := got.JSON()
			if err != nil || !bytes.Equal(b, again) {
				t.Errorf("read and written it is another one: %v", err)
			}
			if got.Errors() != r.Errors() || got.Warnings() != r.Warnings() {
				t.Errorf("%d errors and %d warnings, want %d and %d", got.Errors(), got.Warnings(), r.Errors(), r.Warnings())
			}
		})
	}
}

// The golden reports are what the schema in the repository says, by another
// reader of schemas than Parse's.
func TestGoldensFollowTheSchema(t *testing.T) {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(JSONSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.schema.json", value); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("../../testdata/report/*.json")
	if len(files) != len(cases) {
		t.Errorf("%d files, want %d", len(files), len(cases))
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); (err == nil) == strings.HasPrefix(filepath.Base(file), "hostile") {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// Printed to a terminal or a log, the JSON does nothing.
func TestJSONIsVisible(t *testing.T) {
	b, err := hostile().JSON()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(line, "\n")
		if i := strings.IndexFunc(line, invisible); i >= 0 {
			t.Errorf("%+q", line)
		}
	}
	if c := commands(string(b)); c != nil {
		t.Errorf("the runner obeys %q", c)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	if got := v["connector"].(map[string]any)["className"].(string); !strings.Contains(got, "##[set-output") || !strings.Contains(got, "\u202e") {
		t.Errorf("the text is another one: %+q", got)
	}
}

// mutate returns copies of a JSON value in each of which one thing is wrong, by
// the place of it.
func mutate(v any) map[string]any {
	out := map[string]any{}
	var walk func(place string, v any, put func(any) any)
	walk = func(place string, v any, put func(any) any) {
		wrong := []any{nil, map[string]any{"x": 1}, []any{[]any{}}, 1.5, -1e18, 1e300}
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				with := func(k string, x any) any {
					c := map[string]any{k: x}
					for other, y := range v {
						if other != k {
							c[other] = y
						}
					}
					return put(c)
				}
				walk(place+"/"+k, x, func(x any) any { return with(k, x) })
				out[place+"/+"] = with("x-unknown", "x")
				out[place+"/"+k+" in capitals"] = with(strings.ToUpper(k), x)
			}
		case []any:
			for i, x := range v {
				walk(fmt.Sprintf("%s/%d", place, i), x, func(x any) any {
					c := append([]any{}, v...)
					c[i] = x
					return put(c)
				})
			}
			many := []any{}
			for range 6000 {
				many = append(many, v...)
			}
			out[place+" many"] = put(many)
		case string:
			out[place+" long"] = put(strings.Repeat("x", 30_000))
			wrong = append(wrong, true, 1)
		case bool:
			wrong = append(wrong, "x", 1)
		default:
			wrong = append(wrong, "1", true)
		}
		for _, w := range wrong {
			out[fmt.Sprintf("%s = %v", place, w)] = put(w)
		}
	}
	walk("", v, func(v any) any { return v })
	return out
}

// Nothing but what a run writes is taken for a report.
func TestParseIsTight(t *testing.T) {
	b, err := whole("x").JSON()
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	schema, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	all := mutate(v)
	if len(all) < 700 {
		t.Fatalf("%d mutations only", len(all))
	}
	for place, wrong := range all {
		seconds := strings.HasSuffix(place, "econds = 1.5") // of a run: they may be
		if err := schema.Validate(wrong); err == nil && !seconds {
			t.Errorf("taken: %s", place)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	b, err := whole("x").JSON()
	if err != nil {
		t.Fatal(err)
	}
	good := string(b)
	url := whole("x").Link.URL
	replace := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("no %s", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for name, text := range map[string]string{
		"nothing":            "",
		"null":               "null",
		"a list":             "[]",
		"something after it": good + "{}",
		"byte order mark":    "\ufeff" + good,
		"too large":          good + strings.Repeat(" ", MaxJSON),
		"deep":               strings.Repeat("[", 500_000),
		"no UTF-8":           replace(`"publisher": "x"`, "\"publisher\": \"\xff\""),
		"a lone surrogate":   replace(`"publisher": "x"`, `"publisher": "\ud800"`),
		"a name twice":       replace(`"mode"`, `"mode": "check", "mode"`),
		"another case":       replace(`"mode"`, `"Mode"`),
		"another schema":     replace("report/v1", "report/v2"),
		"a rule's name":      replace(`"jar-name"`, `"[x](https://evil.example)"`),
		"a Glue version":     replace(`"6.0"`, `"@octocat"`),
		"another link":       replace(url, "https://evil.example/"),
		"a link's end":       replace(url, url+")[x](https://evil.example"),
		"a link's form":      replace(url, url+"&connectorName=%22x%22"),
		"a severity":         replace(`"severity": "error"`, `"severity": "fatal"`),
		"a result":           replace(`"result": "pushed"`, `"result": "##[error]x"`),
		"a command":          "\n::error::x\n##[error]y\u202e",
	} {
		r, err := Parse([]byte(text))
		if err == nil {
			t.Errorf("%s: taken for %+v", name, r)
			continue
		}
		if s := err.Error(); len(s) > 700 || s != Line(s) {
			t.Errorf("%s: the error brings along what it was given: %+q", name, s)
		}
	}
}

// What can be read back has faces that do nothing, whoever wrote it.
func FuzzParse(f *testing.F) {
	for _, s := range untrusted {
		b, err := whole(s).JSON()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Parse(b)
		if err != nil {
			return
		}
		checkFaces(t, r)
		if b, err = r.JSON(); err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(b); err != nil {
			t.Errorf("what we write is not read: %v", err)
		}
	})
}
