package classfile_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"glue-connector/internal/classfile"

	"github.com/google/go-cmp/cmp"
)

const sourceOf8 = `package p;
public class A<T extends Comparable<T>> extends java.util.ArrayList<T> implements Runnable, java.util.function.Supplier<String> {
	static final String CONSTANT = "x\u0000\u00e9\u20ac\ud83d\ude00";
	static final long LONG = 1L << 40;
	static final double DOUBLE = 1.5;
	static String[][] grid = new String[1][2];
	final String folded = "c" + 1;
	String field = "f";
	static { System.out.println(LONG + DOUBLE); }
	public A() {}
	A(int i, String... rest) {}
	public void run() { Runnable r = () -> System.out.println(field); r.run(); }
	public String get() { return "literal"; }
	public String viaField() { return CONSTANT; }
	public static String viaFinal() { return new A<String>().folded; }
	public String expression() { return "a" + 1 + B.NAME; }
	public String viaMutable() { return field; }
	public String viaThis() { return this.folded; }
	public String concat() { return "a" + field; }
	public String call() { return get(); }
	public String either() { return field == null ? "a" : "b"; }
	public String none() { return null; }
	synchronized int[] swap(int[][] a, T t) throws Exception { return ((int[][]) a.clone())[0]; }
	static int choose(String s) { switch (s) { case "a": return 1; case "b": return 2; default: return 0; } }
	protected static class Nested { private Nested() {} }
	class Inner { public Inner() {} }
	interface I extends Runnable, Cloneable { String N = "n"; default String shortName() { return "d"; } }
	enum E { X, Y { public String toString() { return "y"; } } }
	@interface Note { String value() default "v"; }
}
abstract class B implements A.I { static final String NAME = "b"; abstract Other other(); }
class Other {}
`

const sourceOf17 = `package p;
public record R(int a, String b) implements java.util.function.Supplier<String>, Comparable<R> {
	public String get() { return "record"; }
	public String concat() { return "a" + b; }
	public int compareTo(R other) { return a - other.a; }
	sealed interface S permits One, Two { String shortName(); }
	record One() implements S { public String shortName() { return "one"; } }
	static final class Two implements S { public String shortName() { return """
		two"""; } }
}
`

func compile(t *testing.T, release, source string) []string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, regexp.MustCompile(`public \w+ (\w)`).FindStringSubmatch(source)[1]+".java")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	javaTool(t, "javac", "-encoding", "UTF-8", "--release", release, "-d", dir, file)
	classes, err := filepath.Glob(filepath.Join(dir, "p", "*.class"))
	if err != nil || len(classes) == 0 {
		t.Fatal(classes, err)
	}
	return classes
}

// javaTool runs a tool of the JDK, and skips the test if there is none.
func javaTool(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skip(err)
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// description is what javap -v -p says, of what a Class holds.
type description struct {
	Version, Flags, This, Super string
	Interfaces                  int
	References, Methods         []string
}

func describe(c *classfile.Class) description {
	references := slices.Compact(slices.Sorted(c.References()))
	return description{fmt.Sprintf("%d.%d", c.Major, c.Minor), fmt.Sprintf("%#04x", uint16(c.Flags)), c.Name, c.Super,
		len(c.Interfaces), references, methods(c)}
}

var (
	javapHeader = regexp.MustCompile(`(?s)minor version: (\d+)\s+major version: (\d+)\s+flags: \((\w+)\).*?` +
		`this_class: #\d+ +// (\S+)\s+super_class: #\d+ +// (\S+)\s+interfaces: (\d+)`)
	javapClass  = regexp.MustCompile(`(?m)^ +#\d+ = Class +#\d+ +// (?:"\[+(?:L([^;]+);|[A-Z])"|(\S+))$`)
	javapMethod = regexp.MustCompile(`(?m)^  (?:.*?([^\s(]+)\(.*|static \{\}); *(?:|// .*)\n    descriptor: (\(\S+)\n    flags: \((\w+)\)`)
)

func describeJavap(t *testing.T, text string) description {
	t.Helper()
	h := javapHeader.FindStringSubmatch(text)
	if h == nil {
		t.Fatalf("no header in %s", text)
	}
	dots := func(s string) string { return strings.ReplaceAll(strings.Trim(s, `"`), "/", ".") }
	d := description{Version: h[2] + "." + h[1], Flags: h[3], This: dots(h[4]), Super: dots(h[5])}
	fmt.Sscan(h[6], &d.Interfaces)
	for _, c := range javapClass.FindAllStringSubmatch(text, -1) {
		if name := dots(c[1] + c[2]); name != "" && !slices.Contains(d.References, name) {
			d.References = append(d.References, name)
		}
	}
	slices.Sort(d.References)
	for _, m := range javapMethod.FindAllStringSubmatch(text, -1) {
		name := m[1]
		switch name {
		case "":
			name = "<clinit>"
		case d.This:
			name = "<init>"
		}
		d.Methods = append(d.Methods, fmt.Sprintf("%s %s %s", name, m[2], m[3]))
	}
	return d
}

func TestJavap(t *testing.T) {
	for release, source := range map[string]string{"8": sourceOf8, "17": sourceOf17} {
		classes := compile(t, release, source)
		text := javaTool(t, "javap", append([]string{"-v", "-p"}, classes...)...)
		parts := strings.Split(text, "Classfile ")[1:]
		if len(parts) != len(classes) {
			t.Fatalf("javap describes %d of %d classes", len(parts), len(classes))
		}
		for i, file := range classes {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := mustReadClass(t, b)
			if diff := cmp.Diff(describeJavap(t, parts[i]), describe(c)); diff != "" {
				t.Errorf("release %s, %s (javap -, ours +)\n%s", release, filepath.Base(file), diff)
			}
			if !c.SupportedBy(map[string]int{"8": 8, "17": 17}[release]) || c.Scala() {
				t.Errorf("%s: %+v, Scala %v", file, c.Version, c.Scala())
			}
		}
	}
}

// describeValue follows a value within its class.
func describeValue(c *classfile.Class, v classfile.Value) string {
	switch v.Kind {
	case classfile.Constant:
		return v.Text
	case classfile.OfField:
		return "field " + v.Name + ": " + describeValue(c, c.FieldValue(v.Name))
	case classfile.OfMethod:
		return "method " + v.Name + ": " + describeValue(c, c.Returned(v.Name, v.Descriptor))
	}
	return "?"
}

func TestCompiledConstants(t *testing.T) {
	want := map[string]string{ // by class and method; "?" is unknown
		"p.A.get": "literal", "p.A.viaField": "x\x00é€\U0001F600", "p.A.viaFinal": "?", "p.A.expression": "a1b",
		"p.A.viaMutable": "field field: f", "p.A.viaThis": "?", "p.A.concat": "?", "p.A.call": "method get: literal", "p.A.either": "?", "p.A.none": "?",
		"p.A$I.shortName": "d", "p.A$E$1.toString": "y", "p.A$Note.value": "?",
		"p.R.get": "record", "p.R.concat": "?", "p.R.b": "field b: ?", "p.R.toString": "?",
		"p.R$S.shortName": "?", "p.R$One.shortName": "one", "p.R$One.toString": "?", "p.R$Two.shortName": "two",
	}
	constructors := map[string]bool{}
	got := map[string]string{}
	for release, source := range map[string]string{"8": sourceOf8, "17": sourceOf17} {
		for _, file := range compile(t, release, source) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := mustReadClass(t, b)
			constructors[c.Name] = c.HasDefaultConstructor()
			for _, m := range c.Methods {
				if m.Descriptor != "()Ljava/lang/String;" {
					continue
				}
				got[c.Name+"."+m.Name] = describeValue(c, c.Returned(m.Name, m.Descriptor))
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for name, public := range constructors {
		if public != slices.Contains([]string{"p.A"}, name) {
			t.Errorf("%s: public constructor without parameters: %v", name, public)
		}
	}
}
