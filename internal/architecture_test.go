package internal_test

import (
	"flag"
	"fmt"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the diagram and the table of ARCHITECTURE.md")

const architectureFile = "../.github/ARCHITECTURE.md"

// TestArchitecture holds the diagram to what the packages import, and the table
// to what they say of themselves.
func TestArchitecture(t *testing.T) {
	b, err := os.ReadFile(architectureFile)
	if err != nil {
		t.Fatal(err)
	}
	want := string(b)
	for name, text := range map[string]string{"diagram": diagram(t), "packages": packageTable(t)} {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
		before, rest, ok := strings.Cut(want, begin)
		_, after, ok2 := strings.Cut(rest, end)
		if !ok || !ok2 {
			t.Fatalf("ARCHITECTURE.md has no block %s", name)
		}
		want = before + begin + text + end + after
	}
	if *update {
		if err := os.WriteFile(architectureFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(b)); diff != "" {
		t.Errorf("ARCHITECTURE.md is out of date; run go test ./internal -update\n%s", diff)
	}
}

// part is where a package stands: the shell knows all, the core does no I/O.
func part(pkg string) string {
	switch {
	case pkg == "action" || pkg == "release":
		return pkg
	case slices.Contains(forbidden[pkg], "net/http") && slices.Contains(forbidden[pkg], "os"):
		return "core"
	}
	return "outside"
}

// diagram draws who imports whom. The shell's arrows end at the parts, or there
// would be nothing else to see.
func diagram(t *testing.T) string {
	var b strings.Builder
	b.WriteString("```mermaid\nflowchart TD\n  main[cmd/glue-connector] --> action\n")
	seen := imports(t)
	for _, p := range []struct{ id, title string }{{"outside", "I/O: the workspace, AWS, registries, GitHub"}, {"core", "core: no I/O, no network, no runner"}} {
		fmt.Fprintf(&b, "  action --> %s\n  subgraph %s[\"%s\"]\n", p.id, p.id, p.title)
		for _, pkg := range slices.Sorted(maps.Keys(seen)) {
			if part(pkg) == p.id {
				fmt.Fprintf(&b, "    %s\n", pkg)
			}
		}
		b.WriteString("  end\n")
	}
	for _, pkg := range slices.Sorted(maps.Keys(seen)) {
		if part(pkg) == "action" {
			continue
		}
		var known []string
		for _, i := range seen[pkg] {
			if other, ok := strings.CutPrefix(i.path, own); ok {
				known = append(known, other)
			}
		}
		slices.Sort(known)
		for _, other := range slices.Compact(known) {
			fmt.Fprintf(&b, "  %s --> %s\n", pkg, other)
		}
	}
	return b.String() + "```\n"
}

// packageTable is the first sentence of each package's documentation.
func packageTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| package | |\n|---|---|\n")
	for _, pkg := range slices.Sorted(maps.Keys(imports(t))) {
		synopsis := new(doc.Package).Synopsis(packageDoc(t, pkg))
		text, ok := strings.CutPrefix(synopsis, "Package "+pkg+" ")
		if !ok {
			t.Errorf("%s does not say what it is: %q", pkg, synopsis)
		}
		fmt.Fprintf(&b, "| [`%s`](../internal/%s) | %s |\n", pkg, pkg, text)
	}
	return b.String()
}

// packageDoc is the comment above a package's name.
func packageDoc(t *testing.T, pkg string) string {
	t.Helper()
	files, err := filepath.Glob(pkg + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc != nil {
			return f.Doc.Text()
		}
	}
	return ""
}
