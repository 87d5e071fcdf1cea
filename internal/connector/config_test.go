package connector

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseConfigPositions(t *testing.T) {
	c := ParseConfig("c.json", []byte("{\n  \"a\\\"b\": \"é\", \"x\" :\n\t[1, {\"y\": 2}],\n\"z\": null}"))
	want := []Member{
		{`a"b`, Position{2, 3}, Value{String, "é", Position{2, 11}}},
		{"x", Position{2, 16}, Value{Array, "", Position{3, 2}}},
		{"z", Position{4, 1}, Value{Null, "", Position{4, 6}}},
	}
	if diff := cmp.Diff(want, c.Members); diff != "" {
		t.Error(diff)
	}
	if len(c.Defects) > 0 {
		t.Errorf("defects: %+v", c.Defects)
	}
}

func TestParseConfigDefects(t *testing.T) {
	tests := map[string]struct {
		raw  string
		want []DefectKind
	}{
		"fine":               {`{"a":"b"}`, nil},
		"blank at the end":   {"{}\n\n", nil},
		"empty":              {"", []DefectKind{DefectSyntax}},
		"open":               {`{"a":`, []DefectKind{DefectSyntax}},
		"open key":           {`{"a`, []DefectKind{DefectSyntax}},
		"comma":              {`{"a":"b",}`, []DefectKind{DefectSyntax}},
		"comment":            {`{/* c */}`, []DefectKind{DefectSyntax}},
		"two values":         {`{} {}`, []DefectKind{DefectSyntax}},
		"array":              {`["a"]`, []DefectKind{DefectSyntax}},
		"string":             {`"a"`, []DefectKind{DefectSyntax}},
		"bom":                {"\xef\xbb\xbf{}", []DefectKind{DefectBOM}},
		"bom and syntax":     {"\xef\xbb\xbf{", []DefectKind{DefectBOM, DefectSyntax}},
		"byte":               {"{\"a\":\"\xff\"}", []DefectKind{DefectEncoding}},
		"byte in a key":      {"{\"\xff\":1}", []DefectKind{DefectEncoding}},
		"byte and syntax":    {"{\"a\":\"\xff\",}", []DefectKind{DefectEncoding, DefectSyntax}},
		"surrogate":          {`{"a":"\ud800"}`, []DefectKind{DefectSurrogate}},
		"too large":          {strings.Repeat(" ", MaxConfigSize+1), []DefectKind{DefectTooLarge}},
		"deep":               {strings.Repeat("[", 20000), []DefectKind{DefectSyntax}},
		"deep value":         {`{"a":` + strings.Repeat("[", 20000), []DefectKind{DefectSyntax}},
		"utf-16":             {"\xff\xfe{\x00}\x00", []DefectKind{DefectUTF16}},
		"utf-16, no mark":    {"{\x00}\x00", []DefectKind{DefectUTF16}},
		"utf-16, big end":    {"\x00{\x00}", []DefectKind{DefectUTF16}},
		"nested in reason":   {`{"a":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + "}", nil},
		"nested too deep":    {`{"a":` + strings.Repeat("[", 501) + strings.Repeat("]", 501) + "}", []DefectKind{DefectSyntax}},
		"brackets in text":   {`{"a":["\"` + strings.Repeat("[", 600) + `"]}`, nil},
		"literal line break": {"{\"a\":\"b\nc\"}", []DefectKind{DefectSyntax}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []DefectKind
			for _, d := range ParseConfig("c", []byte(tt.raw)).Defects {
				got = append(got, d.Kind)
				if d.At.Line < 1 || d.At.Column < 1 || d.Text == "" {
					t.Errorf("defect without place or text: %+v", d)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is taken for an object without defects, encoding/json takes too, with
// the same value for each name; positions lie in the file.
func FuzzParseConfig(f *testing.F) {
	for _, s := range []string{"{}", `{"version":"1","VERSION":"2"}`, "\xef\xbb\xbf{\"a\":\"\\ud83d\\ude00\"}", `{"a":{"b":[1,true,null]}}`, "{\"\xff\":1,}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := ParseConfig("c", raw)
		lines := strings.Count(string(raw), "\n") + 1
		for _, d := range c.Defects {
			if d.At.Line < 1 || d.At.Line > lines {
				t.Fatalf("defect outside of the file: %+v", d)
			}
		}
		for _, m := range c.Members {
			if m.At.Line < 1 || m.At.Line > lines || m.Value.At.Line < m.At.Line || m.Value.At.Line > lines {
				t.Fatalf("member outside of the file: %+v", m)
			}
		}
		if len(c.Defects) > 0 {
			return
		}
		var want map[string]any
		if err := json.Unmarshal(raw, &want); err != nil || !utf8.Valid(raw) {
			t.Fatalf("taken for plain JSON: %v", err)
		}
		for _, m := range c.Members {
			if s, ok := want[m.Name].(string); ok && m.Value.Kind == String && c.count(m.Name) == 1 && s != m.Value.Text {
				t.Fatalf("%q is %q, and encoding/json has %q", m.Name, m.Value.Text, s)
			}
		}
	})
}

func (c *Config) count(name string) int {
	n := 0
	for _, m := range c.Members {
		if m.Name == name {
			n++
		}
	}
	return n
}
