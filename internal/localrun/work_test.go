package localrun

import (
	"os"
	"path/filepath"
	"testing"

	"glue-connector/internal/trial"
)

// The texts are what Python's json.dumps and print make of the secrets.
func TestMasker(t *testing.T) {
	m := masker(map[string]string{"password": `pä"<s>😀`, "token": "hunter", "key": "hunter2", "username": "reader"})
	for _, c := range []struct{ name, text, want string }{
		{"as it is", `no login with pä"<s>😀.`, "no login with ***."},
		{"in JSON", `{"error": "no login with p\u00e4\"<s>\ud83d\ude00"}`, `{"error": "no login with ***"}`},
		{"one begins as another", "hunter2 hunter", "*** ***"},
		{"no secret", "reader", "reader"},
	} {
		if got := m.Replace(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A password of CI is often a word that each result has.
func TestResultWithAPlainWordForPassword(t *testing.T) {
	b := &batch{dir: t.TempDir(), mask: masker(map[string]string{"password": "test"})}
	if err := os.Mkdir(filepath.Join(b.dir, "results"), 0o755); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`{"nonce": "N", "test": "T", "count": 5}`:                    "",
		`{"nonce": "N", "test": "T", "error": "no login with test"}`: "no login with ***",
	} {
		if err := os.WriteFile(filepath.Join(b.dir, "results", "T"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := trial.ReadResult(b.result("T"), "T", "N")
		if err != nil || r.Error != want {
			t.Errorf("%s: %+v, %v", text, r, err)
		}
	}
}
