package classfile

import (
	"iter"
	"slices"
	"strings"
)

// A Class is what a whole class file says of a class. It holds on to a copy of
// the file.
type Class struct {
	Header
	Methods []Method // that it declares itself, in the order of the file

	data  string
	pool  []uint32
	texts map[uint32]string // see checkPool
	scala bool
}

// A Method is a method_info (§4.6).
type Method struct {
	Name       string // "<init>" for a constructor
	Descriptor string // §4.3.3, for instance ()Ljava/lang/String;
	Flags      Flags

	code string // the content of the attribute Code
}

// Method returns the method with the name and descriptor that the class
// declares itself.
func (c *Class) Method(name, descriptor string) (Method, bool) {
	i := slices.IndexFunc(c.Methods, func(m Method) bool { return m.Name == name && m.Descriptor == descriptor })
	if i < 0 {
		return Method{}, false
	}
	return c.Methods[i], true
}

// HasDefaultConstructor reports whether the class declares a public
// constructor without parameters.
func (c *Class) HasDefaultConstructor() bool {
	m, ok := c.Method("<init>", "()V")
	return ok && m.Flags.Public()
}

// Scala reports whether the class was compiled by scalac, which marks each
// with an attribute: ScalaSig, Scala, or TASTY of Scala 3.
func (c *Class) Scala() bool { return c.scala }

// References returns every class that the constant pool names by a
// CONSTANT_Class (§4.4.1), with the element type for an array: so a class may
// come again for its arrays. One that only stands in descriptors, signatures or
// annotations does not come.
func (c *Class) References() iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := make(map[int]bool) // by Utf8: many classes may share a long one
		for _, at := range c.pool {
			if at == 0 || c.data[at] != tagClass {
				continue
			}
			index := c.u2(int(at) + 1)
			if seen[index] {
				continue
			}
			seen[index] = true
			name := c.text(index)
			if strings.HasPrefix(name, "[") {
				element, ok := strings.CutPrefix(strings.TrimLeft(name, "["), "L")
				if !ok {
					continue // of a primitive type
				}
				name = strings.TrimSuffix(element, ";")
			}
			if !yield(strings.ReplaceAll(name, "/", ".")) {
				return
			}
		}
	}
}

const (
	opNop     = 0x00
	opLdc     = 0x12
	opLdcW    = 0x13
	opAreturn = 0xB0
)

// ConstantString returns the string that the method always returns. It is
// known if all of the method's code (§4.7.3) is to load a string constant and
// to return it, which is what compilers make of a literal, of a constant
// expression, and of a static final field with one. It is not known for a
// method that the class does not declare itself, and for one that computes the
// string, reads a field, or calls another method.
func (c *Class) ConstantString(method, descriptor string) (value string, known bool) {
	m, ok := c.Method(method, descriptor)
	if !ok || len(m.code) < 8 {
		return "", false
	}
	code, length := m.code[8:], u4(m.code[4:])
	if uint64(length) > uint64(len(code)) {
		return "", false
	}
	code = strings.Trim(code[:length], string(rune(opNop)))
	var index int
	switch {
	case len(code) < 3 || code[len(code)-1] != opAreturn:
		return "", false
	case code[0] == opLdc:
		index, code = int(code[1]), code[2:]
	case code[0] == opLdcW:
		index, code = int(code[1])<<8|int(code[2]), code[3:]
	default:
		return "", false
	}
	if strings.TrimLeft(code, string(rune(opNop))) != "\xB0" || index >= len(c.pool) {
		return "", false
	}
	at := c.pool[index]
	if at == 0 || c.data[at] != tagString {
		return "", false
	}
	return c.text(c.u2(int(at) + 1)), true
}

// text returns the text of the Utf8 at the index, which checkPool or members
// found to be one.
func (c *Class) text(index int) string {
	at := c.pool[index]
	if text, ok := c.texts[at]; ok {
		return text
	}
	return c.data[at+3:][:c.u2(int(at)+1)]
}

func (c *Class) u2(at int) int { return int(c.data[at])<<8 | int(c.data[at+1]) }

func u4(s string) uint32 {
	return uint32(s[0])<<24 | uint32(s[1])<<16 | uint32(s[2])<<8 | uint32(s[3])
}
