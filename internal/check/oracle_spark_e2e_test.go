//go:build e2e

package check

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sparks are the versions of Spark that answer, and the Glue that has each.
var sparks = []struct{ version, glue string }{{"3.5.6", "5.1"}, {"4.1.1", "6.0"}}

func TestOracleSpark(t *testing.T) {
	t.Parallel() // the downloads take longest
	for _, s := range sparks {
		pyspark(t, s.version)
	}
	var all []string
	for _, p := range sparkConnectors {
		all = append(all, p.jars...)
	}
	fetch(t, all)
	l := newLibrary(t)
	for _, p := range sparkConnectors {
		t.Run(p.String(), func(t *testing.T) { testPublished(t, l, p) })
	}
	for _, s := range sparks {
		t.Run("spark "+s.version, func(t *testing.T) { testSpark(t, l, s.version, s.glue) })
	}
}

// sparkCase is a question to Spark and to check: what does a name lead to?
type sparkCase struct {
	what string
	name string
	jars []string
	may  leeway
	// load has Spark make a DataFrame reader's relation, too.
	load bool
}

// sparkAnswer is what Spark makes of a name: a class, or an error.
type sparkAnswer struct {
	Class  string
	Ours   bool // it is of the jars
	Source bool // it has an interface of data sources
	Error  string
}

func (a sparkAnswer) truth() Answer {
	if a.Error == "" && a.Ours && a.Source {
		return Yes
	}
	return No
}

func testSpark(t *testing.T, l library, version, glueVersion string) {
	home := pyspark(t, version)
	cases := syntheticCases(t, home)
	for _, p := range sparkConnectors {
		var paths []string
		for _, j := range p.jars {
			paths = append(paths, jarPath(t, j))
		}
		for _, name := range append([]string{p.class + "s", "example." + p.names[0]}, p.names...) {
			cases = append(cases, sparkCase{what: p.String(), name: name, jars: paths, may: foreign})
		}
	}
	count := map[string]int{}
	for i, a := range askSpark(t, home, cases) {
		c, truth := cases[i], a.truth()
		s := l.subject("Spark", c.name, c.jars, glueVersion)
		o := opine(s)
		entry := entryOf(s)
		switch {
		case o.loads == Yes && truth == Yes && entry != a.Class:
			count["another class"]++
			t.Errorf("%s: %s: Spark finds %s, check %s", c.what, c.name, a.Class, entry)
		case o.loads == truth:
			count["the same: "+string(truth)]++
		case o.loads != Yes && truth == Yes && c.may == foreign && !strings.Contains(strings.Join(o.why, "\n"), "[class-spark]"):
			count["found, and built for another Glue"]++
		case o.loads == Unknown && c.may == lacking:
			count["warned of"]++
		default:
			count["different"]++
			t.Errorf("%s: %s: Spark says %+v, check %s %q", c.what, c.name, a, o.loads, o.why)
		}
	}
	t.Logf("Spark %s: %d questions: %v", version, len(cases), count)
	if count["the same: yes"] < 20 || count["the same: no"] < 40 {
		t.Errorf("too few answers of one kind: %v", count)
	}
}

// askSpark has a Spark session answer the cases.
func askSpark(t *testing.T, home string, cases []sparkCase) []sparkAnswer {
	t.Helper()
	var text strings.Builder
	for _, c := range cases {
		b, err := json.Marshal(map[string]any{"name": c.name, "jars": c.jars, "load": c.load})
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(b, '\n'))
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := writeFile(in, text.String()); err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs(filepath.Join(oracles, "spark_oracle.py"))
	if err != nil {
		t.Fatal(err)
	}
	py4j, _ := filepath.Glob(filepath.Join(home, "lib", "py4j-*.zip"))
	c := exec.CommandContext(t.Context(), "python3", script, in, out)
	c.Dir = dir
	c.Env = append(os.Environ(), "SPARK_HOME="+filepath.Join(home, "deps"), "SPARK_LOCAL_IP=127.0.0.1", "SPARK_LOCAL_DIRS="+dir,
		"PYTHONPATH="+strings.Join(append(py4j, home), ":"))
	if b, err := c.CombinedOutput(); err != nil {
		t.Fatalf("asking Spark: %v\n%s", err, tail(string(b)))
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var answers []sparkAnswer
	for line := range strings.Lines(string(b)) {
		var a sparkAnswer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(cases) {
		t.Fatalf("%d answers to %d questions", len(answers), len(cases))
	}
	return answers
}

// pyspark gives the folder of an unpacked PySpark, downloading it if it is not
// there. Its source distribution has all that a session needs; installing it
// would pack it into a wheel first, which takes longer than all the rest.
func pyspark(t *testing.T, version string) string {
	t.Helper()
	name := "pyspark-" + version
	home := filepath.Join(cache(t), name)
	if _, err := os.Stat(home); err == nil {
		return home
	}
	dir, err := os.MkdirTemp(cache(t), "unpacking")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	twice(t, "fetching PySpark from PyPI", func() error {
		_, err := tool(t, "pip", "download", "--quiet", "--no-cache-dir", "--no-deps", "--dest", dir, fmt.Sprintf("pyspark==%s", version))
		return err
	})
	mustTool(t, "tar", "-xzf", filepath.Join(dir, name+".tar.gz"), "-C", dir)
	if err := os.Rename(filepath.Join(dir, name), home); err != nil {
		t.Fatal(err)
	}
	return home
}
