//go:build e2e

package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOracleJDBC(t *testing.T) {
	t.Parallel() // the downloads take longest
	var all []string
	for _, p := range jdbcConnectors {
		all = append(all, p.jars...)
	}
	fetch(t, all)
	l := newLibrary(t)
	for _, p := range jdbcConnectors {
		t.Run(p.String(), func(t *testing.T) { testPublished(t, l, p) })
	}
	t.Run("jvm", func(t *testing.T) { testDrivers(t, l) })
}

func testDrivers(t *testing.T, l library) {
	var cases []classCase
	for _, p := range jdbcConnectors {
		cases = append(cases, namesOf(t, l, p)...)
		if info, err := os.Stat(jarPath(t, p.jars[0])); err == nil && info.Size() < 1_400_000 {
			cases = append(cases, brokenJars(t, p)...)
		}
	}
	count := map[string]int{}
	for i, answer := range askJVM(t, cases) {
		c := cases[i]
		truth := Yes
		if strings.HasPrefix(answer, "no") {
			truth = No
		}
		o := opine(l.subject("JDBC", c.class, c.jars, "5.1")) // Java 17, as here
		switch {
		case o.loads == truth:
			count["the same: "+string(truth)]++
		case o.loads == Unknown && truth == No && (c.may == lacking || strings.Contains(answer, "NoClassDefFoundError")):
			count["warned of, and no"]++
		case c.may == damaged && strings.Contains(strings.Join(o.why, "\n"), "checksum"):
			count["refused as damaged, and yes"]++
		default:
			count["different"]++
			t.Errorf("%s: %s of %s: the JVM says %s, check %s %q", c.what, c.class, filepath.Base(c.jars[0]), answer, o.loads, o.why)
		}
	}
	t.Logf("%d questions: %v", len(cases), count)
	if count["the same: yes"] < len(jdbcConnectors) || count["the same: no"] < 300 {
		t.Errorf("too few answers of one kind: %v", count)
	}
}
