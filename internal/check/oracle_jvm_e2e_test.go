//go:build e2e

package check

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// classCase is a question to the JVM and to check: does this class work?
type classCase struct {
	what  string
	class string
	jars  []string
	may   leeway
	kind  string // the type that it is to be of, java.sql.Driver if empty
}

// askJVM has a JVM answer the cases: whether the class works, and why not.
func askJVM(t *testing.T, cases []classCase) []string {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	var text strings.Builder
	for _, c := range cases {
		text.WriteString(strings.Join(append([]string{cmp.Or(c.kind, "java.sql.Driver"), c.class}, c.jars...), "\t") + "\n")
	}
	if err := writeFile(in, text.String()); err != nil {
		t.Fatal(err)
	}
	// Some drivers write to both streams.
	mustTool(t, "java", "-Djava.awt.headless=true", filepath.Join(oracles, "ClassOracle.java"), in, out)
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if len(answers) != len(cases) {
		t.Fatalf("%d answers to %d questions", len(answers), len(cases))
	}
	return answers
}
