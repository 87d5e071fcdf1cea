//go:build e2e

package check

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glue-connector/internal/glue"
)

// builder makes jars of classes that it compiles.
type builder struct {
	t       *testing.T
	dir     string
	classes map[string][]byte // by entry
	count   int
}

// newBuilder compiles sources against a class path, for a release of Java.
func newBuilder(t *testing.T, classPath, pattern, release string) *builder {
	t.Helper()
	b := &builder{t: t, dir: t.TempDir(), classes: map[string][]byte{}}
	out := filepath.Join(b.dir, "classes")
	args := []string{"--release", release, "-nowarn", "-cp", classPath, "-d", out}
	sources, err := filepath.Glob(pattern)
	if err != nil || len(sources) == 0 {
		t.Fatal(sources, err)
	}
	mustTool(t, "javac", append(args, sources...)...)
	err = filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			entry, _ := filepath.Rel(out, path)
			b.classes[filepath.ToSlash(entry)], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// jar packs a jar of what parts name: a package such as example/alias, a
// single entry, or -entry to leave one out; "name=text" is a file, and
// "service=text" the service file of data sources.
func (b *builder) jar(parts ...string) string {
	b.t.Helper()
	files := map[string][]byte{}
	for _, p := range parts {
		name, text, isFile := strings.Cut(p, "=")
		switch drop, isDrop := strings.CutPrefix(p, "-"); {
		case isFile && name == "service":
			files[glue.RegisterFile] = []byte(text)
		case isFile:
			files[name] = []byte(text)
		case isDrop:
			if files[drop] == nil {
				b.t.Fatalf("no %s to leave out", drop)
			}
			delete(files, drop)
		default:
			n := len(files)
			for entry, content := range b.classes {
				if entry == p || strings.HasPrefix(entry, p+"/") {
					files[entry] = content
				}
			}
			if n == len(files) {
				b.t.Fatalf("no class in %s", p)
			}
		}
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range files {
		f, err := w.Create(name)
		if err != nil {
			b.t.Fatal(err)
		}
		f.Write(content)
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.count++
	path := filepath.Join(b.dir, fmt.Sprintf("jar%d.jar", b.count))
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		b.t.Fatal(err)
	}
	return path
}

const (
	aliasPackage = "example/alias"
	aliasService = "service=example.alias.Source\n"
)

// syntheticCases are connectors that are made for what they show.
func syntheticCases(t *testing.T, home string) []sparkCase {
	b := newBuilder(t, filepath.Join(home, "deps", "jars", "*"), filepath.Join(oracles, "sources", "*", "*.java"), "8")
	plain := b.jar(aliasPackage, aliasService)
	classes := b.jar(aliasPackage)
	var cases []sparkCase
	add := func(what, name string, may leeway, jars ...string) {
		cases = append(cases, sparkCase{what, name, jars, may, true})
	}
	for _, name := range []string{
		"exampleAlias", "EXAMPLEalias", "exampleAlia", "exampleAlias.DefaultSource", "example.alias.Source", "example.alias.source",
		"Example.alias.Source", "example.alias", "example.alias.Source$1", "example.alias.Source.class", "example/alias/Source",
		"org.example.Missing", "Source",
	} {
		add("one registered source", name, same, plain)
	}
	for _, name := range []string{"exampleAlias", "example.alias.Source"} {
		add("no service file", name, same, classes)
		add("service file in other case", name, same, b.jar(aliasPackage, "META-INF/services/"+strings.ToLower(glue.RegisterInterface)+"=example.alias.Source\n"))
		add("service file elsewhere", name, same, b.jar(aliasPackage, "services/"+glue.RegisterInterface+"=example.alias.Source\n"))
		add("service and class in two jars", name, same, classes, b.jar(aliasService))
		add("in two jars", name, same, plain, b.jar(aliasPackage, aliasService))
		for what, text := range serviceFiles {
			add("service file: "+what, name, same, b.jar(aliasPackage, "service="+text))
		}
	}
	second := b.jar("example/second", "service=example.second.Source\n")
	add("one alias in two jars", "exampleAlias", same, plain, second)
	add("one alias in two jars", "example.second.Source", same, plain, second)
	add("one alias twice in a jar", "exampleAlias", same, b.jar(aliasPackage, "example/second", "service=example.second.Source\nexample.alias.Source"))
	add("one alias, Spark's package", "exampleAlias", same, plain, b.jar("org/apache/spark/example", "service=org.apache.spark.example.Source\n"))
	add("superclass in another jar", "example.second.Source", same, classes, second)
	add("superclass missing", "example.second.Source", lacking, second)
	add("superclass missing", "exampleAlias", lacking, second)
	for _, name := range []string{"example.pkg", "example.pkg.DefaultSource", "Example.pkg", "example.pkg.defaultSource"} {
		add("a package", name, same, classes, b.jar("example/pkg"))
	}
	for _, name := range []string{"example-computed", "example.computed.Source"} {
		add("a computed alias", name, lacking, classes, b.jar("example/computed", "service=example.computed.Source"))
	}
	add("an alias in a field", "example-field", lacking, classes, b.jar("example/computed", "service=example.computed.Field"))
	for _, name := range []string{"example-inherited", "exampleAlias", "example.inherited.Source", "example.inherited.Base"} {
		add("an inherited alias", name, same, classes, b.jar("example/inherited", "service=example.inherited.Source"))
	}
	add("superclass left out", "example.inherited.Source", lacking, classes, b.jar("example/inherited", "-example/inherited/Base.class"))
	for _, name := range []string{"example.v2.Source", "example.v2.Source$Rows", "example.v2.Source.Rows", "example.v2"} {
		add("version 2", name, same, b.jar("example/v2"))
	}
	add("a catalog", "example.catalog.Catalog", same, b.jar("example/catalog"))
	add("Spark's own alias", "parquet", same, classes, b.jar("example/taken", "service=example.taken.Source"))
	add("Spark's own alias, by class", "example.taken.Source", same, classes, b.jar("example/taken", "service=example.taken.Source"))
	// One bad provider spoils every look-up, and not only its own.
	for _, bad := range []string{"hidden.Source", "hidden.Open", "arguments.Source", "abstracted.Source", "abstracted.Kind", "unregistered.Source"} {
		pkg, _, _ := strings.Cut(bad, ".")
		add("not registered: "+bad, "example."+bad, same, classes, b.jar("example/"+pkg))
		registered := b.jar("example/"+pkg, "service=example."+bad)
		for _, name := range []string{"example." + bad, "example-" + pkg, "exampleAlias", "example.alias.Source"} {
			add("registered: "+bad, name, same, plain, registered)
		}
	}
	half := string(b.classes["example/alias/Source.class"][:200])
	add("half a class", "example.alias.Source", same, b.jar(aliasPackage, "-example/alias/Source.class", "example/alias/Source.class="+half))
	add("half a class, registered", "exampleAlias", same, b.jar(aliasPackage, aliasService, "-example/alias/Source.class", "example/alias/Source.class="+half))
	return cases
}

// serviceFiles are ways to register example.alias.Source, or not.
var serviceFiles = map[string]string{
	"empty":             "",
	"comment only":      "# example.alias.Source\n",
	"no line end":       "example.alias.Source",
	"Windows line ends": "# ours\r\nexample.alias.Source\r\n",
	"Mac line ends":     "example.alias.Source\r",
	"comments, blanks":  "\n  \t example.alias.Source\t# the source\n\n#\n",
	"twice":             "example.alias.Source\nexample.alias.Source\n",
	"byte order mark":   "\ufeffexample.alias.Source\n",
	"Latin-1 comment":   "# caf\xe9\nexample.alias.Source\n",
	"missing class":     "example.alias.Source\nexample.alias.Missing\n",
	"missing class 2":   "example.alias.Missing\nexample.alias.Source\n",
	"other case":        "example.alias.source\n",
	"a file name":       "example/alias/Source\n",
	"two on a line":     "example.alias.Source example.alias.Source\n",
	"no name":           "example.alias.Source,\n",
	"JSON":              "{\"class\": \"example.alias.Source\"}\n",
	"not-a-name":        "example-alias.Source\n",
	"digits first":      "1example.Source\nexample.alias.Source\n",
	"semicolon":         "example.alias.Source;\n",
	"empty part":        "example..alias.Source\n",
	"dot at the end":    "example.alias.Source.\n",
	"vertical tab":      "example.alias.Source\v\n",
	"no-break space":    "example.alias.Source\u00a0\n",
}
