package classfile_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"glue-connector/internal/classfile"
)

// An assembler makes a class file. The methods that add a constant return its
// index.
type assembler struct {
	pool                        []byte
	count                       int
	major                       uint16
	flags                       uint16
	this, super                 int
	interfaces                  []int
	fields, methods, attributes [][]byte
}

// newClass begins a public class example/A of Java 8.
func newClass() *assembler {
	a := &assembler{count: 1, major: 52, flags: 0x21}
	a.this, a.super = a.class("example/A"), a.class("java/lang/Object")
	return a
}

func (a *assembler) constant(tag byte, content ...byte) int {
	a.pool = append(append(a.pool, tag), content...)
	a.count++
	return a.count - 1
}

func (a *assembler) utf8(s string) int   { return a.constant(1, append(u2(len(s)), s...)...) }
func (a *assembler) class(s string) int  { return a.constant(7, u2(a.utf8(s))...) }
func (a *assembler) string(s string) int { return a.constant(8, u2(a.utf8(s))...) }

// member adds a field (tag 9) or a method (tag 10) of the class itself.
func (a *assembler) member(tag byte, name, descriptor string) int {
	pair := a.constant(12, slice(u2(a.utf8(name)), u2(a.utf8(descriptor)))...)
	return a.constant(tag, slice(u2(a.this), u2(pair))...)
}

func (a *assembler) long() int {
	i := a.constant(5, make([]byte, 8)...)
	a.count++
	return i
}

func (a *assembler) attribute(name string, content ...byte) []byte {
	return slice(u2(a.utf8(name)), u4(len(content)), content)
}

// method adds a method with the attributes.
func (a *assembler) method(flags int, name, descriptor string, attributes ...[]byte) {
	m := slice(u2(flags), u2(a.utf8(name)), u2(a.utf8(descriptor)), u2(len(attributes)), slice(attributes...))
	a.methods = append(a.methods, m)
}

func (a *assembler) code(code ...byte) []byte {
	return a.attribute("Code", slice(u2(1), u2(1), u4(len(code)), code, u2(0), u2(0))...)
}

func (a *assembler) bytes() []byte {
	members := func(m [][]byte) []byte { return slice(u2(len(m)), slice(m...)) }
	var interfaces []byte
	for _, i := range a.interfaces {
		interfaces = append(interfaces, u2(i)...)
	}
	return slice(u4(0xCAFEBABE), u2(0), u2(int(a.major)), u2(a.count), a.pool,
		u2(int(a.flags)), u2(a.this), u2(a.super), u2(len(a.interfaces)), interfaces,
		members(a.fields), members(a.methods), members(a.attributes))
}

// sample has a little of everything, and 7 as the index of each kind of error.
func sample() *assembler {
	a := newClass()
	a.interfaces = []int{a.class("java/sql/Driver"), a.class("example/I")}
	a.long()
	text := a.string("x\xC0\x80\xED\xA0\xBD\xED\xB8\x80")
	nameType := a.constant(12, slice(u2(a.utf8("f")), u2(a.utf8("I")))...)
	field := a.constant(9, slice(u2(a.this), u2(nameType))...)
	a.constant(15, slice([]byte{1}, u2(field))...)
	a.constant(16, u2(a.utf8("()V"))...)
	a.constant(18, slice(u2(0), u2(nameType))...)
	a.class("[[Lexample/Element;")
	a.class("[I")
	a.fields = [][]byte{slice(u2(2), u2(a.utf8("f")), u2(a.utf8("I")), u2(1), a.attribute("Code"))}
	a.method(1, "<init>", "()V", a.code(0xB1), a.attribute("Synthetic"))
	a.method(1, "shortName", "()Ljava/lang/String;", a.code(0, 0x12, byte(text), 0, 0xB0))
	a.method(0x401, "abstract", "()V")
	a.attributes = [][]byte{a.attribute("ScalaSig", 5, 0, 0)}
	return a
}

func slice(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
func u2(n int) []byte              { return binary.BigEndian.AppendUint16(nil, uint16(n)) }
func u4(n int) []byte              { return binary.BigEndian.AppendUint32(nil, uint32(n)) }

func readClass(b []byte) (*classfile.Class, error) {
	return new(classfile.Decoder).ReadClass(bytes.NewReader(b))
}

func readHeader(b []byte) (classfile.Header, error) {
	return new(classfile.Decoder).ReadHeader(bytes.NewReader(b))
}

func mustReadClass(t *testing.T, b []byte) *classfile.Class {
	t.Helper()
	c, err := readClass(b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// methods returns what javap prints of each method.
func methods(c *classfile.Class) []string {
	var list []string
	for _, m := range c.Methods {
		list = append(list, fmt.Sprintf("%s %s %#04x", m.Name, m.Descriptor, uint16(m.Flags)))
	}
	return list
}
