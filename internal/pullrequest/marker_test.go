package pullrequest

import (
	"strings"
	"testing"
	"unicode/utf16"
)

func TestParseMarker(t *testing.T) {
	key := strings.Repeat("0a", 16)
	for _, tc := range []struct {
		body string
		want Run // zero: no marker
	}{
		{"<!-- glue-connector: key=" + key + " run=12.3 -->\ntext", Run{12, 3}},
		{"<!-- glue-connector: key=" + key + " run=12.3 -->\r\ntext", Run{12, 3}},
		{"<!-- glue-connector: key=" + key + " run=12.3 -->", Run{12, 3}},
		{"<!-- glue-connector: key=" + key + " run=12.3 sha=abc tool=1.2_3 -->\n", Run{12, 3}},
		{"<!-- glue-connector: key=" + key + " run=9223372036854775807.1 -->", Run{1<<63 - 1, 1}},
		{"<!-- glue-connector: key=" + key + " run=9223372036854775808.1 -->", Run{}},
		{"<!-- glue-connector: key=" + key + " run=1.99999999999999999999 -->", Run{}},
		{"<!-- glue-connector: key=" + key + " run=0.1 -->", Run{}},
		{"<!-- glue-connector: key=" + key + " run=01.1 -->", Run{}},
		{"<!-- glue-connector: key=" + key + " run=-1.1 -->", Run{}},
		{"<!-- glue-connector: key=" + key + " run=1 -->", Run{}},
		{"<!-- glue-connector: key=" + key + " run=1.1 --> text", Run{}},
		{"<!-- glue-connector: key=" + key + " run=1.1 x --> -->", Run{}},
		{"<!-- glue-connector: key=" + strings.ToUpper(key) + " run=1.1 -->", Run{}},
		{"<!-- glue-connector: key=" + key[1:] + " run=1.1 -->", Run{}},
		{" <!-- glue-connector: key=" + key + " run=1.1 -->", Run{}},
		{"\ufeff<!-- glue-connector: key=" + key + " run=1.1 -->", Run{}},
		{"<!-- other: key=" + key + " run=1.1 -->", Run{}},
		{"", Run{}},
	} {
		hash, run, ok := parseMarker(tc.body)
		if run != tc.want || ok != (tc.want != Run{}) || ok && hash != key {
			t.Errorf("%q: %q %v %v", tc.body, hash, run, ok)
		}
	}
}

func FuzzParseMarker(f *testing.F) {
	f.Add(marker("key", Run{1, 2})+"text", "key", int64(1), int64(2))
	f.Add("<!-- glue-connector: key=", "-->\n", int64(0), int64(-1))
	f.Fuzz(func(t *testing.T, body, key string, id, attempt int64) {
		if _, run, ok := parseMarker(body); ok {
			first, _, _ := strings.Cut(body, "\n")
			if run.ID <= 0 || run.Attempt <= 0 || !strings.HasPrefix(first, "<!-- glue-connector: key=") || strings.Count(first, "-->") != 1 {
				t.Errorf("%q is taken for a marker of %s", body, run)
			}
		}
		made := marker(key, Run{id, attempt})
		hash, run, ok := parseMarker(made + body)
		if valid := id > 0 && attempt > 0; ok != valid || valid && (hash != hashed(key) || run != Run{id, attempt}) {
			t.Errorf("marker %q is read as %q %s, %v", made, hash, run, ok)
		}
		if len(made) > maxMarker || strings.Count(made, "\n") != 1 || strings.Index(made, "-->") != len(made)-4 {
			t.Errorf("marker %q", made)
		}
		if n := len(utf16.Encode([]rune(body))); Length(body) != n {
			t.Errorf("length of %q is %d, want %d", body, Length(body), n)
		}
	})
}
