package classfile_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glue-connector/internal/classfile"
)

// definer defines each class of the file of args[0] (length and bytes, again
// and again) and prints, as a character each, what the JVM says: "+", "-" for
// a ClassFormatError, "." for what is no question of the format.
const definer = `
import java.io.*;
public class Definer extends ClassLoader {
	char define(byte[] b) {
		try { defineClass(null, b, 0, b.length); return '+'; }
		catch (UnsupportedClassVersionError | NoClassDefFoundError | IncompatibleClassChangeError e) { return '.'; }
		catch (ClassFormatError e) { return '-'; }
		catch (Throwable e) { return '.'; }
	}
	public static void main(String[] args) throws Exception {
		StringBuilder out = new StringBuilder();
		try (DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(args[0])))) {
			while (in.available() > 0) {
				byte[] b = new byte[in.readInt()];
				in.readFully(b);
				out.append(new Definer().define(b));
			}
		}
		System.out.println(out);
	}
}
`

// mutants are b with each byte changed in some ways, and all of hostile.
func mutants(b []byte) [][]byte {
	list := [][]byte{b, append(bytes.Clone(b), 0)}
	for i := range b {
		for _, change := range []byte{b[i] + 1, b[i] - 1, b[i] ^ 0x80, 0, '/', '.'} {
			m := bytes.Clone(b)
			m[i] = change
			list = append(list, m)
		}
		list = append(list, b[:i])
	}
	for _, h := range hostile {
		list = append(list, h.file())
	}
	return list
}

// TestJVM holds ReadClass against a JVM: what that defines must be read. What
// the JVM refuses may be read, since it also checks what this package does not.
func TestJVM(t *testing.T) {
	dir := t.TempDir()
	source, data := filepath.Join(dir, "Definer.java"), filepath.Join(dir, "classes")
	a := newClass() // only with names that the JVM finds
	a.interfaces = []int{a.class("java/lang/Runnable"), a.class("java/io/Serializable")}
	a.long()
	text := a.string("\xC0\x80\xED\xA0\xBD\xED\xB8\x80")
	field := a.constant(9, slice(u2(a.this), u2(a.constant(12, slice(u2(a.utf8("f")), u2(a.utf8("I")))...)))...)
	a.constant(15, slice([]byte{1}, u2(field))...)
	a.class("[[Lexample/Element;")
	a.fields = [][]byte{slice(u2(2), u2(a.utf8("f")), u2(a.utf8("I")), u2(0))}
	a.method(1, "run", "()V", a.code(0xB1), a.attribute("Synthetic"))
	a.method(1, "m", "()Ljava/lang/String;", a.code(0x12, byte(text), 0xB0))
	a.attributes = [][]byte{a.attribute("ScalaSig", 5, 0, 0)}
	list := mutants(a.bytes())

	var all []byte
	for _, m := range list {
		all = slice(all, u4(len(m)), m)
	}
	for name, content := range map[string]string{source: definer, data: string(all)} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	javaTool(t, "javac", "-d", dir, source)
	verdicts := strings.TrimSpace(javaTool(t, "java", "-cp", dir, "Definer", data))
	if len(verdicts) != len(list) || verdicts[0] != '+' {
		t.Fatalf("%d verdicts on %d classes, the first %.1s", len(verdicts), len(list), verdicts)
	}
	same, lenient := 0, 0
	for i, m := range list {
		_, err := readClass(m)
		switch {
		case verdicts[i] == '+' && err != nil:
			t.Errorf("the JVM defines %x, but: %v", m, err)
		case verdicts[i] == '-' && err == nil:
			lenient++
		default:
			same++
		}
	}
	t.Logf("%d classes: %d as the JVM, %d that only the JVM refuses; it defines %d", len(list), same, lenient, strings.Count(verdicts, "+"))
	if same < len(list)*3/4 {
		t.Errorf("only %d of %d as the JVM", same, len(list))
	}
}

// jarClasses returns the classes of the jars that the system has, by their
// entry, at most limit.
func jarClasses(t testing.TB, pattern string, limit int) map[string][]byte {
	t.Helper()
	jars, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	classes := map[string][]byte{}
	for _, name := range jars {
		if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
			continue // a link to another version of the same
		}
		jar, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range jar.File {
			if !strings.HasSuffix(f.Name, ".class") || len(classes) == limit {
				continue
			}
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if classes[filepath.Base(name)+"!"+f.Name], err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := jar.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(classes) == 0 {
		t.Skipf("no classes in %s", pattern)
	}
	return classes
}

func TestJars(t *testing.T) {
	classes := jarClasses(t, "/usr/share/java/*.jar", 20000)
	var d classfile.Decoder
	for entry, b := range classes {
		c, err := d.ReadClass(bytes.NewReader(b))
		if err != nil {
			t.Errorf("%s: %v", entry, err)
			continue
		}
		_, path, _ := strings.Cut(strings.TrimSuffix(entry, ".class"), "!")
		if rest, ok := strings.CutPrefix(path, "META-INF/versions/"); ok {
			_, path, _ = strings.Cut(rest, "/")
		}
		if c.Name != strings.ReplaceAll(path, "/", ".") {
			t.Errorf("%s is %s", entry, c.Name)
		}
		for name := range c.References() {
			if name == "" || strings.ContainsAny(name, "/;[") {
				t.Errorf("%s refers to %q", entry, name)
			}
		}
	}
	t.Logf("%d classes", len(classes))
}

func BenchmarkReadHeader(b *testing.B) {
	benchmark(b, func(d *classfile.Decoder, r io.Reader) error { _, err := d.ReadHeader(r); return err })
}

func BenchmarkReadClass(b *testing.B) {
	benchmark(b, func(d *classfile.Decoder, r io.Reader) error { _, err := d.ReadClass(r); return err })
}

// BenchmarkVersion is the least there is to read.
func BenchmarkVersion(b *testing.B) {
	var prefix [8]byte
	benchmark(b, func(_ *classfile.Decoder, r io.Reader) error {
		if _, err := io.ReadFull(r, prefix[:]); err != nil {
			return err
		}
		_, err := classfile.ParseVersion(prefix[:])
		return err
	})
}

// benchmark reads the classes of guava, a class an operation.
func benchmark(b *testing.B, read func(*classfile.Decoder, io.Reader) error) {
	var classes [][]byte
	size := 0
	for _, c := range jarClasses(b, "/usr/share/java/guava*.jar", 1<<20) {
		classes = append(classes, c)
		size += len(c)
	}
	var d classfile.Decoder
	var r bytes.Reader
	b.SetBytes(int64(size / len(classes)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r.Reset(classes[i%len(classes)])
		if err := read(&d, &r); err != nil {
			b.Fatal(err)
		}
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "classes/s")
}
