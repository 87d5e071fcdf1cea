package product

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

const fine = `title: Demo Connector
short-description: Reads My Database.
long-description: |
  Reads My Database.

  And writes it.
logo-url: https://my-company.s3.amazonaws.com/logo.png
highlights: [Fast, Small]
support-description: Write to support@example.com.
categories:
  - Databases
search-keywords: [jdbc]
additional-resources:
  - text: Documentation
    url: https://example.com/docs?x=1
repositories: [my-connector]
`

// lines replaces lines of the file that is fine, by what they begin with.
func lines(changes ...string) string {
	all := strings.Split(fine, "\n")
	for i := 0; i < len(changes); i += 2 {
		for n, line := range all {
			if strings.HasPrefix(line, changes[i]) {
				all[n] = changes[i+1]
			}
		}
	}
	return strings.Join(all, "\n")
}

// problems are all of a file, a line each.
func problems(text string) string {
	p, found := Parse([]byte(text))
	var b strings.Builder
	for _, problem := range append(found, p.Check()...) {
		b.WriteString(problem.String() + "\n")
		if problem.Advice == "" {
			b.WriteString("  no advice\n")
		}
	}
	return b.String()
}

// Each mistake is found at its place, and nothing else.
func TestProblems(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"fine", fine, ""},
		{"fine without links", lines("additional-resources", "sku: A-1", "  - text", "", "    url", ""), ""},
		{"no YAML", "title: 'x", "1:10: it is no YAML: "},
		{"a list", "- title", "1:1: it is no mapping of keys to values"},
		{"unknown", lines("title", "name: x\ntitle: y"), `1:1: there is no key "name"`},
		{"twice", fine + "title: again\n", "title"},
		{"missing", lines("title", ""), "title is missing (AWS: Provide ProductTitle.)"},
		{"empty", lines("title", "title:"), "1:1: title is missing (AWS: Provide ProductTitle.)"},
		{"too long", lines("title", "title: "+strings.Repeat("x", 73)), "1:8: title has 73 characters, and AWS takes 72"},
		{"not ASCII", lines("short", "short-description: It’s fast."), `2:20: the character '\u2019' at 3 of short-description (AWS: INVALID_INPUT, Remove unsupported characters)`},
		{"blank first", lines("short", `short-description: " x"`), "2:20: short-description begins with a blank"},
		{"control character", lines("short", `short-description: "a\ab"`), `2:20: the character '\a' at 2 of short-description (AWS: INVALID_INPUT, Remove unsupported characters)`},
		{"logo", lines("logo", "logo-url: http://example.com/x"), `7:11: logo-url: "http://example.com/x" is not an https URL without a query`},
		{"no list", lines("highlights", "highlights: Fast"), "8:13: highlights is no list\nhighlights is missing"},
		{"too many", lines("highlights", "highlights: [a, b, c, d]"), "8:1: highlights has 4 items, and AWS takes 3"},
		{"an item twice", lines("highlights", "highlights: [a, b, a]"), `8:20: highlights has "a" twice`},
		{"an item too long", lines("search", "search-keywords: ["+strings.Repeat("x", 51)+"]"), "12:19: search-keywords has 51 characters, and AWS takes 50"},
		{"a list for a text", lines("title", "title: [x]"), "1:8: title has something else where a text belongs\n1:1: title is missing"},
		{"link", lines("    url", "    href: x"), `15:5: an item of additional-resources has no key "href"` + "\n" + `14:5: additional-resources: "" is no URL (AWS: INVALID_ADDITIONAL_RESOURCES)`},
		{"repository", lines("repositories", "repositories: [My-Company/x]"), `16:16: repositories: "My-Company/x" is not a name such as nginx-web-app, of small letters and digits, without a namespace`},
		{"keywords", lines("search", "search-keywords: ["+strings.Repeat("a", 50)+", "+strings.Repeat("b", 50)+", "+strings.Repeat("c", 50)+", "+strings.Repeat("d", 50)+", "+strings.Repeat("e", 50)+", f]"),
			"12:1: search-keywords have 251 characters together"},
	} {
		got := problems(tt.text)
		if n := strings.Count(tt.want, "\n") + 1; tt.want == "" && got != "" || tt.want != "" && strings.Count(got, "\n") != n {
			t.Errorf("%s: %s", tt.name, got)
			continue
		}
		for i, want := range strings.Split(tt.want, "\n") {
			if line := strings.Split(got, "\n")[i]; !strings.Contains(line, want) || strings.Contains(line, "no advice") {
				t.Errorf("%s: %s, want %s", tt.name, line, want)
			}
		}
	}
}

// A flag takes the place of what the file says.
func TestSet(t *testing.T) {
	p, _ := Parse([]byte(fine))
	p.Set("title", []string{"Another"})
	p.Set("highlights", []string{"A", "B"})
	p.Set("additional-resources", []string{"Docs=https://example.com/?a=b"})
	got := []any{p.Text("title"), p.List("highlights"), p.Values("additional-resources"), p.Text("long-description"), p.List("video-urls"), p.Check()}
	want := []any{"Another", []string{"A", "B"}, []Value{{Text: "Docs", URL: "https://example.com/?a=b"}}, "Reads My Database.\n\nAnd writes it.", []string{}, []Problem(nil)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	empty := &Product{}
	empty.Set("title", []string{strings.Repeat("x", 73)})
	if all := empty.Check(); len(all) != 9 || all[0].String() != "title has 73 characters, and AWS takes 72" {
		t.Errorf("%v", all)
	}
}

// The schema and the checks agree, but for what a schema cannot say.
func TestSchema(t *testing.T) {
	c := jsonschema.NewCompiler()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddResource("product.json", value); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("product.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"fine": fine, "missing": lines("title", ""), "long": lines("title", "title: "+strings.Repeat("x", 73)), "longest": lines("title", "title: "+strings.Repeat("x", 72)),
		"ASCII": lines("short", "short-description: It’s fast."), "blank": lines("short", `short-description: " x"`), "logo": lines("logo", "logo-url: http://example.com/x"),
		"many": lines("highlights", "highlights: [a, b, c, d]"), "twice": lines("highlights", "highlights: [a, a]"), "unknown": lines("title", "name: x\ntitle: y"),
		"repository": lines("repositories", "repositories: [A]"), "link": lines("    url", "    url: example.com"), "video": fine + "video-urls: [https://example.com/v]\n", "list": lines("highlights", "highlights: Fast"),
	} {
		var v any
		if err := yaml.Load([]byte(text), &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err, found := schema.Validate(v), problems(text); (err == nil) != (found == "") {
			t.Errorf("%s: the schema says %v, and the checks %q", name, err, found)
		}
	}
}
