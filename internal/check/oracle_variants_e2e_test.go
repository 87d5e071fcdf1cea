//go:build e2e

package check

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"glue-connector/internal/jar"
)

// namesOf asks about the driver, about names that nearly are its, and about a
// sample of the other classes of its jar: interfaces, abstract and base
// classes, connections.
func namesOf(t *testing.T, l library, p published) []classCase {
	paths := []string{jarPath(t, p.jars[0])}
	i := strings.LastIndex(p.class, ".")
	pkg, simple := p.class[:i], p.class[i+1:]
	ask := func(what, class string) classCase { return classCase{what: what, class: class, jars: paths} }
	cases := []classCase{
		ask("the driver", p.class),
		ask("lower case", strings.ToLower(p.class)),
		ask("first letter", pkg+"."+strings.ToLower(simple[:1])+simple[1:]),
		ask("package's case", strings.ToUpper(pkg[:1])+pkg[1:]+"."+simple),
		ask("package only", pkg),
		ask("simple name", simple),
		ask("slashes", strings.ReplaceAll(p.class, ".", "/")),
		ask("a file", p.class+".class"),
		ask("nested", p.class+"$None"),
		ask("of the JDK", "java.sql.Driver"),
		ask("not of this jar", "org.example.Driver"),
	}
	var classes []string
	l.jar(paths[0]).Archive.Names(func(entry string) bool {
		if name, ok := jar.ClassName(entry); ok {
			classes = append(classes, name)
		}
		return true
	})
	slices.Sort(classes)
	for n, name := range classes {
		if n%(1+len(classes)/15) == 0 || strings.Contains(name, "Driver") && !strings.Contains(name, "$") && n%3 == 0 {
			cases = append(cases, ask("another class", name))
		}
	}
	whole, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, parent := range parents(t, entryBytes(t, whole, jar.EntryName(p.class))) {
		cases = append(cases, ask("a parent", parent))
	}
	return cases
}

// edit changes one entry of a jar, or drops it with nil.
type edit func(h *zip.FileHeader, b []byte) []byte

// brokenJars derives jars from a driver's that miss something or are broken.
func brokenJars(t *testing.T, p published) []classCase {
	source := jarPath(t, p.jars[0])
	entry := jar.EntryName(p.class)
	whole, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	class := entryBytes(t, whole, entry)
	dir := t.TempDir()
	var cases []classCase
	add := func(what string, b []byte, may leeway) {
		path := filepath.Join(dir, strings.ReplaceAll(what, " ", "-")+".jar")
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, classCase{what: what, class: p.class, jars: []string{path}, may: may})
	}
	if newer := "META-INF/versions/9/" + entry; hasEntry(t, whole, newer) {
		// SAP's, whose classes for Java 8 refuse to work with a newer Java.
		add("only for Java 9", rewrite(t, whole, entry, func(*zip.FileHeader, []byte) []byte { return nil }), same)
		return cases
	}
	asItIs := func(_ *zip.FileHeader, b []byte) []byte { return b }
	add("packed again", rewrite(t, whole, entry, asItIs), same)
	add("driver left out", rewrite(t, whole, entry, func(*zip.FileHeader, []byte) []byte { return nil }), same)
	add("entry in other case", rewrite(t, whole, entry, func(h *zip.FileHeader, b []byte) []byte {
		h.Name = strings.ToLower(h.Name)
		return b
	}), same)
	add("another class in its file", rewrite(t, whole, entry, func(*zip.FileHeader, []byte) []byte {
		old := textConstant(strings.TrimSuffix(entry, ".class"))
		renamed := bytes.Clone(old)
		renamed[3] = '_'
		return bytes.Replace(class, old, renamed, 1)
	}), same)
	add("half a class", rewrite(t, whole, entry, func(_ *zip.FileHeader, b []byte) []byte { return b[:len(b)/2] }), same)
	add("no class", rewrite(t, whole, entry, func(*zip.FileHeader, []byte) []byte { return []byte("<html>404</html>") }), same)
	add("empty class", rewrite(t, whole, entry, func(*zip.FileHeader, []byte) []byte { return []byte{} }), same)
	add("for Java 21", rewrite(t, whole, entry, func(_ *zip.FileHeader, b []byte) []byte { return withMajor(b, 65) }), same)
	add("for Java 17", rewrite(t, whole, entry, func(_ *zip.FileHeader, b []byte) []byte { return withMajor(b, 61) }), same)
	add("not public", rewrite(t, whole, entry, asItIs, hide(t, class)), same)
	for _, parent := range parents(t, class) {
		if e := jar.EntryName(parent); e != entry && hasEntry(t, whole, e) {
			add("without "+parent, rewrite(t, whole, e, func(*zip.FileHeader, []byte) []byte { return nil }), lacking)
		}
	}
	add("cut in the middle", whole[:len(whole)/2], same)
	add("cut at the end", whole[:len(whole)-4], same)
	add("empty file", []byte{}, same)
	add("something before", append([]byte("#!/bin/sh\nexit 0\n"), whole...), same)
	add("something behind", append(bytes.Clone(whole), "\n\n"...), same)
	plain := rewrite(t, whole, entry, func(h *zip.FileHeader, b []byte) []byte { h.Method = zip.Store; return b })
	add("stored", plain, same)
	add("wrong checksum", withField(t, plain, entry, 16, crc32.ChecksumIEEE([]byte("x"))), damaged)
	add("wrong length", withField(t, plain, entry, 24, uint32(len(class)+7)), same)
	add("wrong place", withField(t, plain, entry, 42, 7), same)
	add("encrypted", withFlag(t, plain, entry, 8, 1), same)
	add("method of none", withFlag(t, plain, entry, 10, 12), same)
	return cases
}
