package check

import (
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func get(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func set(a *txtar.Archive, name, text string) {
	for i := range a.Files {
		if a.Files[i].Name == name {
			a.Files[i].Data = []byte(text)
			return
		}
	}
	a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
}

// unquote reads Go's escapes, and leaves quotation marks and line ends alone.
func unquote(t *testing.T, s string) string {
	t.Helper()
	out, err := strconv.Unquote(`"` + strings.NewReplacer(`"`, `\"`, "\n", `\n`).Replace(s) + `"`)
	if err != nil {
		t.Fatalf("reading %q: %v", s, err)
	}
	return out
}
