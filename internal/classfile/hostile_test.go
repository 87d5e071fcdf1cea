package classfile_test

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"glue-connector/internal/classfile"

	"github.com/google/go-cmp/cmp"
)

// hostile are files that no JVM defines a class from. The error is the whole
// one; header says whether the header has it too.
var hostile = map[string]struct {
	file   func() []byte
	err    string
	header bool
}{
	"empty":              {func() []byte { return nil }, "reading the magic and version at offset 0: unexpected EOF", true},
	"CAFEBABE only":      {func() []byte { return u4(0xCAFEBABE) }, "reading the magic and version at offset 4: unexpected EOF", true},
	"other magic":        {func() []byte { return []byte("PK\x03\x04\x00\x00\x00\x00") }, "reading the magic at offset 0: not 0xCAFEBABE", true},
	"65535 in 10 bytes":  {func() []byte { return pool(65535)[:10] }, "reading the constant pool at offset 10: unexpected EOF", true},
	"count 0":            {func() []byte { return pool(0, 1, 2, 3) }, "reading the constant pool at offset 8: constant pool count 0", true},
	"tag 99":             {func() []byte { return pool(2, 99, 0, 0) }, "reading the constant pool at offset 10: unknown constant tag", true},
	"tag 0":              {func() []byte { return pool(2, 0, 0, 0) }, "reading the constant pool at offset 10: unknown constant tag", true},
	"tag 2":              {func() []byte { return pool(2, 2, 0, 0) }, "reading the constant pool at offset 10: unknown constant tag", true},
	"long in last slot":  {func() []byte { return pool(2, 5, 0, 0, 0, 0, 0, 0, 0, 1) }, "reading the constant pool at offset 10: 8-byte constant at the last index", true},
	"Utf8 past the end":  {func() []byte { return pool(2, 1, 0xFF, 0xFF, 'x') }, "reading the constant pool at offset 14: unexpected EOF", true},
	"this is a Utf8":     {broken(func(a *assembler) { a.this = 1 }), "reading the class header at offset 49: no class name at this index of the constant pool", true},
	"this is 0":          {broken(func(a *assembler) { a.this = 0 }), "reading the class header at offset 49: no class name at this index of the constant pool", true},
	"this past the pool": {broken(func(a *assembler) { a.this = 5 }), "reading the class header at offset 49: no class name at this index of the constant pool", true},
	"super is 0":         {broken(func(a *assembler) { a.super = 0 }), "reading the class header at offset 51: class without a superclass", true},
	"this is half a long": {broken(func(a *assembler) { a.this = a.long() + 1 }),
		"reading the class header at offset 58: no class name at this index of the constant pool", true},
	"name of a string": {broken(func(a *assembler) { a.this = a.constant(7, u2(a.this)...) }),
		"reading the class header at offset 52: no class name at this index of the constant pool", true},
	"interface is a string": {broken(func(a *assembler) { a.interfaces = []int{a.string("x")} }),
		"reading the interfaces at offset 62: no class name at this index of the constant pool", true},
	"interface is 0":  {broken(func(a *assembler) { a.interfaces = []int{0} }), "reading the interfaces at offset 55: no class name at this index of the constant pool", true},
	"array as super":  {broken(func(a *assembler) { a.super = a.class("[Lx;") }), "reading the class header at offset 47: illegal class name", true},
	"dots in a name":  {broken(func(a *assembler) { a.super = a.class("x.y") }), "reading the class header at offset 47: illegal class name", true},
	"empty name":      {broken(func(a *assembler) { a.this = a.class("") }), "reading the class header at offset 47: illegal class name", true},
	"slash last":      {broken(func(a *assembler) { a.this = a.class("x/") }), "reading the class header at offset 47: illegal class name", true},
	"two slashes":     {broken(func(a *assembler) { a.this = a.class("x//y") }), "reading the class header at offset 47: illegal class name", true},
	"UTF-8 in a name": {broken(func(a *assembler) { a.this = a.class("\U0001F600") }), "reading the class header at offset 47: invalid modified UTF-8", true},
	"NUL in a Utf8":   {broken(func(a *assembler) { a.utf8("123456789\x00") }), "reading the constant pool at offset 47: invalid modified UTF-8", false},
	"class of 0":      {broken(func(a *assembler) { a.constant(7, 0, 0) }), "reading the constant pool at offset 47: constant that refers to none of the right kind", false},
	"ref to itself":   {broken(func(a *assembler) { a.constant(9, 0, 2, 0, 5) }), "reading the constant pool at offset 47: constant that refers to none of the right kind", false},
	"handle of kind 0": {broken(func(a *assembler) { a.constant(15, 0, 0, 2) }),
		"reading the constant pool at offset 47: method handle that refers to none of the right kind", false},
	"attribute of 4 GiB": {broken(func(a *assembler) { a.attributes = [][]byte{slice(u2(1), u4(0xFFFFFFFF))} }),
		"reading the attributes at offset 67: unexpected EOF", false},
	"method name": {broken(func(a *assembler) { a.methods = [][]byte{make([]byte, 8)} }),
		"reading the methods at offset 61: no Utf8 at this index of the constant pool", false},
	"two Codes": {broken(func(a *assembler) { a.method(1, "m", "()V", a.code(0xB1), a.code(0xB1)) }),
		"reading the methods at offset 110: second attribute Code", false},
	"extra byte": {func() []byte { return append(newClass().bytes(), 0) }, "reading the attributes at offset 61: extra bytes", false},
}

func pool(count int, b ...byte) []byte {
	return slice(u4(0xCAFEBABE), u2(0), u2(52), u2(count), b)
}

func broken(change func(*assembler)) func() []byte {
	return func() []byte {
		a := newClass()
		change(a)
		return a.bytes()
	}
}

func TestHostile(t *testing.T) {
	for name, test := range hostile {
		t.Run(name, func(t *testing.T) {
			if c, err := readClass(test.file()); err == nil || err.Error() != test.err || c != nil {
				t.Errorf("ReadClass: got %v, %v\nwant %s", c, err, test.err)
			}
			_, err := readHeader(test.file())
			if test.header && (err == nil || err.Error() != test.err) || !test.header && err != nil {
				t.Errorf("ReadHeader: got %v\nwant %v %s", err, test.header, test.err)
			}
		})
	}
}

// TestPrefixes also cuts the reading in pieces, which must change nothing.
func TestPrefixes(t *testing.T) {
	whole := sample().bytes()
	want, err := readHeader(whole)
	if err != nil {
		t.Fatal(err)
	}
	headers := 0
	for n := range len(whole) {
		_, err := readClass(whole[:n])
		if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "at offset") {
			t.Errorf("%d of %d bytes: %v", n, len(whole), err)
		}
		if h, err := readHeader(whole[:n]); err == nil {
			headers++
			if diff := cmp.Diff(want, h); diff != "" {
				t.Error(diff)
			}
		} else if headers > 0 {
			t.Errorf("a header of fewer bytes, but not of %d: %v", n, err)
		}
	}
	for _, pieces := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.DataErrReader, iotest.HalfReader} {
		c, err := new(classfile.Decoder).ReadClass(pieces(bytes.NewReader(whole)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, c.Header); diff != "" {
			t.Error(diff)
		}
	}
}

func TestReaderErrors(t *testing.T) {
	broken := errors.New("broken")
	for n := range 61 {
		r := io.MultiReader(bytes.NewReader(newClass().bytes()[:n]), iotest.ErrReader(broken))
		if _, err := new(classfile.Decoder).ReadClass(r); !errors.Is(err, broken) {
			t.Error(err)
		}
	}
	if _, err := new(classfile.Decoder).ReadHeader(idle{}); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// TestLinear holds files whose meaning is far larger than they are.
func TestLinear(t *testing.T) {
	long := strings.Repeat("\xC4\x80", 65534/2)
	files := map[string]func(a *assembler){
		"interfaces": func(a *assembler) {
			i := a.class(long)
			for range 65535 {
				a.interfaces = append(a.interfaces, i)
			}
		},
		"methods": func(a *assembler) {
			i := u2(a.utf8(long))
			for range 65535 {
				a.methods = append(a.methods, slice(u2(1), i, i, u2(0)))
			}
		},
		"classes": func(a *assembler) {
			i := u2(a.utf8(long))
			for a.count < 65535 {
				a.constant(7, i...)
			}
		},
	}
	for name, fill := range files {
		a := newClass()
		fill(a)
		b := a.bytes()
		begin := time.Now()
		c, err := readClass(b)
		if (err != nil) != (name == "interfaces") {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			for range c.References() {
			}
			c.Returned("x", "y")
			c.FieldValue("x")
		}
		if d := time.Since(begin); d > 2*time.Second {
			t.Errorf("%s: %v for %d bytes", name, d, len(b))
		}
	}
}

// TestMaxSize reads a class of exactly that size, one byte more, and no end.
func TestMaxSize(t *testing.T) {
	a := newClass()
	name := u2(a.utf8("Padding"))
	empty := len(a.bytes()) + 6
	for _, more := range []int{0, 1} {
		a.attributes = [][]byte{slice(name, u4(classfile.MaxSize+more-empty), make([]byte, classfile.MaxSize+more-empty))}
		if _, err := readClass(a.bytes()); (err != nil) != (more > 0) {
			t.Error(more, err)
		}
		if _, err := readHeader(a.bytes()); err != nil {
			t.Error(err)
		}
	}
	endless := io.MultiReader(bytes.NewReader(newClass().bytes()), zeros{})
	_, err := new(classfile.Decoder).ReadClass(endless)
	if err == nil || !regexp.MustCompile("at offset 16777216: larger than 16 MiB$").MatchString(err.Error()) {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
