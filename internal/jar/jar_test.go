package jar

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type file struct{ name, content string }

func pack(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		out, err := w.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(out, f.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(b []byte) *Archive { return Read(bytes.NewReader(b), int64(len(b))) }

const class = "\xca\xfe\xba\xbe\x00\x00\x00\x34 the rest of a class"

func codes(a *Archive) []Code {
	var all []Code
	for _, d := range a.Defects {
		all = append(all, d.Code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestDefects(t *testing.T) {
	plain := pack(t, file{"META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n\n"}, file{"com/x/A.class", class}, file{"com/x/B.class", class + "B"})
	// at replaces bytes behind the n-th occurrence of a mark.
	at := func(mark string, n, offset int, with ...byte) []byte {
		b := slices.Clone(plain)
		i := 0
		for ; n >= 0; n-- {
			i += bytes.Index(b[i:], []byte(mark)) + 1
		}
		copy(b[i-1+offset:], with)
		return b
	}
	const local, central = "PK\x03\x04", "PK\x01\x02"
	tests := map[string]struct {
		b    []byte
		want []Code
	}{
		"plain":            {plain, nil},
		"empty":            {nil, []Code{Empty}},
		"text":             {[]byte("<!DOCTYPE html>"), []Code{NotZip}},
		"cut at the end":   {plain[:len(plain)-30], []Code{Broken}},
		"cut at the start": {plain[30:], []Code{Broken}},
		"no entries":       {pack(t), nil},
		"shell script":     {append([]byte("#!/bin/sh\nexec java -jar $0\n"), plain...), []Code{Prefix}},
		"encrypted":        {at(central, 1, 8, 1), []Code{Encrypted}},
		"method 9":         {at(central, 1, 10, 9), []Code{Method}},
		"bad name":         {at(central, 1, 46, 0xff, 0xfe), []Code{LocalDiffers, NameEncoding}},
		"offset":           {at(central, 1, 42, 0xff, 0xff, 0xff, 0x0f), []Code{LocalHeader}},
		"local signature":  {at(local, 1, 0, 'X'), []Code{LocalHeader}},
		"overlap":          {at(central, 2, 42, 0, 0, 0, 0), []Code{BadClass, LocalDiffers, Overlap}},
		"manifest CRC":     {at(central, 0, 16, 1, 2, 3, 4), []Code{Checksum, LocalDiffers}},
		"entry count":      {at("PK\x05\x06", 0, 10, 2), []Code{Count}},
		"something behind": {append(slices.Clone(plain), 0), []Code{Suffix}},
		"two of a name":    {pack(t, file{"a", "1"}, file{"a", "2"}), []Code{Duplicate}},
		"names":            {pack(t, file{"../a", "1"}, file{"/b", "2"}, file{"c\\d", "3"}, file{"C:/e", "4"}, file{"f\x00g", "5"}, file{"i\u202ej", "6"}), []Code{NamePath}},
		"no class":         {pack(t, file{"a.class", "hello"}), []Code{BadClass}},
		"class of 7 bytes": {pack(t, file{"a.class", class[:7]}), []Code{BadClass}},
		"bad manifest":     {pack(t, file{"META-INF/MANIFEST.MF", "a\n"}), []Code{BadManifest}},
		"a licence twice":  {pack(t, file{"META-INF/LICENSE.txt", "1"}, file{"META-INF/LICENSE.txt", "2"}), nil},
		"long manifest":    {pack(t, file{"META-INF/MANIFEST.MF", strings.Repeat("x", maxManifest+1)}), []Code{EntryTooLong}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := read(tt.b)
			if diff := cmp.Diff(tt.want, codes(a)); diff != "" {
				t.Errorf("%s\n%+v", diff, a.Defects)
			}
		})
	}
}

func TestContents(t *testing.T) {
	a := read(pack(t,
		file{"META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nImplementation-Version: 1.2\r\n .3\r\nMulti-Release: TRUE\r\n\r\nName: x\r\nBundle-Version: 9\r\n"},
		file{"META-INF/services/java.sql.Driver", "# drivers\ncom.x.A # the first\n\n  com.x.B\ncom x\n1x\n"},
		file{"META-INF/maven/g/a/pom.properties", "#c\nversion=1\ngroupId=g\nartifactId=a_2.12\n"},
		file{"META-INF/versions/9/com/x/A.class", "\xca\xfe\xba\xbe\x00\x00\x00\x41"},
		file{"module-info.class", "\xca\xfe\xba\xbe\x00\x00\x00\x41"},
		file{"com/x/A.class", class}, file{"com/x/B.class", class}, file{"com/y/C.class", "\xca\xfe\xba\xbe\x00\x00\x00\x3d"},
		file{"lib/z.jar", "x"}, file{"library.properties", "version.number=2.12.18\n"},
	))
	if len(a.Defects) > 0 {
		t.Errorf("defects %v", a.Defects)
	}
	want := &Archive{
		Manifest: Manifest{Present: true, MultiRelease: true, Version: "1.2.3"},
		Services: []Service{{"java.sql.Driver", "com.x.A", 2, ""}, {"java.sql.Driver", "com.x.B", 4, ""},
			{"java.sql.Driver", "com x", 5, "a line holds more than one name"}, {"java.sql.Driver", "1x", 6, "a line holds what is no class name"}},
		Versions:     []ClassVersion{{52, 2, "com/x/A.class"}, {61, 1, "com/y/C.class"}},
		Packages:     map[string]int{"com/x": 2, "com/y": 1},
		Maven:        []Coordinates{{"g", "a_2.12", "1"}},
		ScalaLibrary: "2.12.18",
		Nested:       []string{"lib/z.jar"},
	}
	got := &Archive{Manifest: a.Manifest, Services: a.Services, Versions: a.Versions, Packages: a.Packages, Maven: a.Maven, ScalaLibrary: a.ScalaLibrary, Nested: a.Nested}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Archive{}, directory{}, some{})); diff != "" {
		t.Error(diff)
	}
}

// A class may be of another version than all before it.
func TestVersionsOfAll(t *testing.T) {
	files := []file{}
	for i := range 1000 {
		files = append(files, file{fmt.Sprintf("com/x/A%d.class", i), class})
	}
	files[777].content = "\xca\xfe\xba\xbe\x00\x00\x00\x3d"
	a := read(pack(t, files...))
	if diff := cmp.Diff([]ClassVersion{{52, 999, "com/x/A0.class"}, {61, 1, "com/x/A777.class"}}, a.Versions); diff != "" {
		t.Error(diff)
	}
}

// Java 8 knows no multi-release jars; TestJVM has the rest.
func TestEntryFor(t *testing.T) {
	files := []file{{manifestName, "Multi-Release: true\n"}, {"a", "1"}, {"META-INF/versions/11/a", "2"}}
	a, plain := read(pack(t, files...)), read(pack(t, files[1:]...))
	for java, want := range map[int]string{8: "a", 9: "a", 11: "META-INF/versions/11/a", 17: "META-INF/versions/11/a"} {
		if got, ok := a.EntryFor("a", java); got != want || !ok {
			t.Errorf("Java %d: %s", java, got)
		}
	}
	if got, _ := plain.EntryFor("a", 17); got != "a" {
		t.Errorf("without the manifest: %s", got)
	}
	if _, ok := a.EntryFor("b", 17); ok {
		t.Error("there is no b")
	}
}

// Of two entries of a name the JVM takes the last; Go's reader lists the first.
func TestLastOfANameCounts(t *testing.T) {
	a := read(pack(t, file{"META-INF/services/x", "com.x.Good"}, file{"META-INF/services/x", "com.x.Evil"}))
	if len(a.Services) != 1 || a.Services[0].Provider != "com.x.Evil" {
		t.Errorf("services %v", a.Services)
	}
	if b, d := a.Open("META-INF/services/x", 100); d != nil || string(b) != "com.x.Evil" {
		t.Errorf("%s, %v", b, d)
	}
}

func TestClaimsAllocateNothing(t *testing.T) {
	b := pack(t, file{"a.class", class})
	i := bytes.LastIndex(b, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(b[i+24:], 0xfffffff0) // claims to unpack to 4 GB
	a := read(b)
	if !slices.Contains(codes(a), Bomb) {
		t.Errorf("defects %v", a.Defects)
	}
	if _, d := a.Open("a.class", 1<<20); d == nil || d.Code != Corrupt {
		t.Errorf("defect %v", d)
	}
}

func TestClassPath(t *testing.T) {
	path := &ClassPath{Archives: []Named{
		{"a.jar", read(pack(t, file{"com/x/Driver.class", class}, file{"com/x/Same.class", class}))},
		{"b.jar", read(pack(t, file{"com/x/Driver.class", class + "2"}, file{"com/x/Same.class", class}, file{"com/y/SalesforceDriver.class", class}, file{"com/x/Outer$Inner.class", class}))},
	}}
	if diff := cmp.Diff([]Place{{0, "com/x/Driver.class"}, {1, "com/x/Driver.class"}}, path.Class("com.x.Driver")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Clash{{[2]int{0, 1}, 1, "com.x.Driver"}}, path.Clashes()); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{"com.y.salesforcedriver": "com.y.SalesforceDriver", "org.other.Same": "com.x.Same", "com.x.Outer.Inner": "com.x.Outer$Inner"} {
		if near := path.Near(name, 3); len(near) == 0 || near[0] != want {
			t.Errorf("near %s: %v", name, near)
		}
	}
}

// Any bytes end in facts, and what archive/zip reads as an archive has as many
// entries for us.
func FuzzRead(f *testing.F) {
	f.Add(pack(f, file{"META-INF/MANIFEST.MF", "a: b\n\n"}, file{"com/x/A.class", class}))
	f.Add(pack(f, file{"a", "1"}, file{"a", "2"}, file{"META-INF/services/x", "y"}))
	f.Add([]byte("PK\x05\x06"))
	for _, o := range oddArchives() {
		if len(o.bytes) < 4096 {
			f.Add(o.bytes)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a := read(b)
		a.BrokenSignatures()
		(&ClassPath{Archives: []Named{{"a", a}, {"b", a}}}).Clashes()
		if a.Entries > len(b)/recordLength {
			t.Fatalf("%d entries in %d bytes", a.Entries, len(b))
		}
		if z, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err == nil && len(a.Defects) == 0 && len(z.File) != a.Entries {
			t.Fatalf("%d entries, and archive/zip has %d", a.Entries, len(z.File))
		}
	})
}

// Entries lie across the pieces that a file is read in, wherever those end.
func TestManyPieces(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 2000 {
		content := []byte(class)
		for range random.IntN(1500) {
			content = append(content, byte(random.IntN(64)))
		}
		var packed bytes.Buffer
		f, _ := flate.NewWriter(&packed, flate.BestSpeed)
		_, _ = f.Write(content)
		_ = f.Close()
		out, err := w.CreateRaw(&zip.FileHeader{
			Name: fmt.Sprintf("p/C%d.class", i), Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(content),
			CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(len(content)),
			Extra: append([]byte{0xfe, 0xca, 16, 0}, make([]byte, 16)...),
		})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = out.Write(packed.Bytes())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if a := read(b.Bytes()); len(a.Defects) > 0 || len(a.Versions) != 1 || a.Versions[0].Count != 2000 {
		t.Errorf("defects %+v, versions %+v", a.Defects, a.Versions)
	}
}
