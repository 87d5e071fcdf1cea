package classfile_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"glue-connector/internal/classfile"

	"github.com/google/go-cmp/cmp"
)

func TestSample(t *testing.T) {
	c := mustReadClass(t, sample().bytes())
	want := classfile.Header{
		Version: classfile.Version{Major: 52}, Flags: 0x21, Name: "example.A", Super: "java.lang.Object",
		Interfaces: []string{"java.sql.Driver", "example.I"},
	}
	if diff := cmp.Diff(want, c.Header); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"<init> ()V 0x0001", "shortName ()Ljava/lang/String; 0x0001", "abstract ()V 0x0401"}, methods(c)); diff != "" {
		t.Error(diff)
	}
	references := []string{"example.A", "java.lang.Object", "java.sql.Driver", "example.I", "example.Element"}
	if diff := cmp.Diff(references, slices.Collect(c.References())); diff != "" {
		t.Error(diff)
	}
	for range c.References() {
		break
	}
	if !c.HasDefaultConstructor() || !c.Scala() {
		t.Error("want a default constructor and Scala")
	}
	if v := c.Returned("shortName", "()Ljava/lang/String;"); v.Kind != classfile.Constant || v.Text != "x\x00\U0001F600" {
		t.Errorf("shortName() = %+v", v)
	}
}

func TestDecoderIsReusable(t *testing.T) {
	var d classfile.Decoder
	big := newClass()
	for range 40 {
		big.utf8(strings.Repeat("x", 65535))
	}
	for range 2 {
		for _, b := range [][]byte{sample().bytes(), {1}, big.bytes(), newClass().bytes()} {
			want, wantErr := readHeader(b)
			got, err := d.ReadHeader(bytes.NewReader(b))
			if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (wantErr == nil) {
				t.Error(diff, err)
			}
			if c, err := d.ReadClass(bytes.NewReader(b)); err == nil {
				if diff := cmp.Diff(want, c.Header); diff != "" {
					t.Error(diff)
				}
			} else if wantErr == nil {
				t.Error(err)
			}
		}
	}
}

func TestTypes(t *testing.T) {
	a := newClass()
	a.constant(12, slice(u2(a.utf8("m")), u2(a.utf8("(ILa/B;[[La/C;J)La/B;")))...)
	a.constant(12, slice(u2(a.utf8("bad")), u2(a.utf8("La/D")))...)
	got := slices.Collect(mustReadClass(t, a.bytes()).Types())
	if diff := cmp.Diff([]string{"example.A", "java.lang.Object", "a.B", "a.C", "a.B"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestReturned(t *testing.T) {
	tests := map[string]struct {
		code  func(a *assembler) []byte
		known bool
	}{
		"ldc":         {func(a *assembler) []byte { return []byte{0x12, byte(a.string("x")), 0xB0} }, true},
		"ldc_w":       {func(a *assembler) []byte { return slice([]byte{0x13}, u2(a.string("x")), []byte{0xB0}) }, true},
		"nops":        {func(a *assembler) []byte { return []byte{0, 0, 0x12, byte(a.string("x")), 0, 0xB0, 0} }, true},
		"integer":     {func(a *assembler) []byte { return []byte{0x12, byte(a.constant(3, 0, 0, 0, 1)), 0xB0} }, false},
		"class":       {func(a *assembler) []byte { return []byte{0x12, byte(a.this), 0xB0} }, false},
		"no constant": {func(a *assembler) []byte { return []byte{0x13, 0xFF, 0xFF, 0xB0} }, false},
		"half a long": {func(a *assembler) []byte { return []byte{0x12, byte(a.long() + 1), 0xB0} }, false},
		"no field":    {func(a *assembler) []byte { return []byte{0x2A, 0xB4, 0, 1, 0xB0} }, false},
		"no object":   {func(a *assembler) []byte { return []byte{0xB4, 0, byte(a.member(9, "f", "Ljava/lang/String;")), 0xB0} }, false},
		"too few": {func(a *assembler) []byte {
			return []byte{0x2A, 0xB6, 0, byte(a.member(10, "m", "(I)Ljava/lang/String;")), 0xB0}
		}, false},
		"this":      {func(a *assembler) []byte { return []byte{0x2A, 0xB0} }, false},
		"cast":      {func(a *assembler) []byte { return []byte{0x12, byte(a.string("x")), 0xC0, 0, byte(a.this), 0xB0} }, true},
		"switch":    {func(a *assembler) []byte { return []byte{0xAA, 0, 0, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xB0} }, false},
		"wide":      {func(a *assembler) []byte { return []byte{0xC4} }, false},
		"call":      {func(a *assembler) []byte { return []byte{0x12, byte(a.string("x")), 0xB6, 0, 1, 0xB0} }, false},
		"pop":       {func(a *assembler) []byte { return []byte{0x12, byte(a.string("x")), 0x57, 0x01, 0xB0} }, false},
		"no return": {func(a *assembler) []byte { return []byte{0x12, byte(a.string("x"))} }, false},
		"cut ldc_w": {func(a *assembler) []byte { return []byte{0x13, 0, 0xB0} }, false},
		"only ldc":  {func(a *assembler) []byte { return []byte{0x12, 0xB0} }, false},
		"nothing":   {func(a *assembler) []byte { return nil }, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := newClass()
			a.method(1, "m", "()Ljava/lang/String;", a.code(test.code(a)...))
			a.method(0x401, "abstract", "()Ljava/lang/String;")
			a.method(1, "short", "()Ljava/lang/String;", a.attribute("Code", 0, 0, 0))
			a.method(1, "long", "()Ljava/lang/String;", a.attribute("Code", 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF))
			c := mustReadClass(t, a.bytes())
			want := map[bool]string{true: "x"}[test.known]
			if v := c.Returned("m", "()Ljava/lang/String;"); v.Text != want || (v.Kind == classfile.Constant) != test.known || v.Kind < 0 {
				t.Errorf("got %+v; want %q, %v", v, want, test.known)
			}
			for _, other := range []string{"abstract", "short", "long", "none"} {
				if v := c.Returned(other, "()Ljava/lang/String;"); v != (classfile.Value{}) {
					t.Errorf("%s: got %+v", other, v)
				}
			}
		})
	}
}

func TestModule(t *testing.T) {
	a := newClass()
	a.flags, a.this, a.super = 0x8000, a.class("module-info"), 0
	c := mustReadClass(t, a.bytes())
	if c.Name != "module-info" || c.Super != "" || !c.Flags.Module() || c.HasDefaultConstructor() || c.Scala() {
		t.Errorf("got %+v", c.Header)
	}
}

func TestVersion(t *testing.T) {
	tests := []struct {
		v       classfile.Version
		java    int
		preview bool
		on      []int // of 8, 17, 21
	}{
		{classfile.Version{Major: 44, Minor: 9}, 1, false, nil},
		{classfile.Version{Major: 45, Minor: 3}, 1, false, []int{8, 17, 21}},
		{classfile.Version{Major: 52}, 8, false, []int{8, 17, 21}},
		{classfile.Version{Major: 53}, 9, false, []int{17, 21}},
		{classfile.Version{Major: 61}, 17, false, []int{17, 21}},
		{classfile.Version{Major: 61, Minor: 65535}, 17, true, nil},
		{classfile.Version{Major: 65}, 21, false, []int{21}},
		{classfile.Version{Major: 65535, Minor: 1}, 65491, false, nil},
	}
	for _, test := range tests {
		var on []int
		for _, java := range []int{8, 17, 21} {
			if test.v.SupportedBy(java) {
				on = append(on, java)
			}
		}
		if test.v.Java() != test.java || test.v.Preview() != test.preview || !slices.Equal(on, test.on) {
			t.Errorf("%v: Java %d, preview %v, on %v", test.v, test.v.Java(), test.v.Preview(), on)
		}
		prefix := slice(u4(0xCAFEBABE), u2(int(test.v.Minor)), u2(int(test.v.Major)))
		if v, err := classfile.ParseVersion(prefix); v != test.v || err != nil {
			t.Error(v, err)
		}
	}
}

func TestFlags(t *testing.T) {
	tests := map[classfile.Flags][6]bool{ // public, static, interface, abstract, module, final
		0x0000: {},
		0x0021: {true},
		0x0009: {true, true},
		0x2601: {true, false, true, true}, // an annotation
		0x0420: {false, false, false, true},
		0x8000: {4: true},
		0x0031: {0: true, 5: true},
	}
	for f, want := range tests {
		if got := [...]bool{f.Public(), f.Static(), f.Interface(), f.Abstract(), f.Module(), f.Final()}; got != want {
			t.Errorf("%#04x: got %v, want %v", uint16(f), got, want)
		}
	}
}
