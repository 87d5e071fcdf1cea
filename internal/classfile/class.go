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

	fields []field
	data   string
	pool   []uint32
	texts  map[uint32]string // see checkPool
	scala  bool
}

// A Method is a method_info (§4.6).
type Method struct {
	Name       string // "<init>" for a constructor
	Descriptor string // §4.3.3, for instance ()Ljava/lang/String;
	Flags      Flags

	code     string // the content of the attribute Code
	constant int    // see field
}

// Size is the length of the class file, in bytes.
func (c *Class) Size() int { return len(c.data) }

// A field is a field_info (§4.5).
type field struct {
	name     string
	constant int // index of its attribute ConstantValue, 0 without
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

// Declares reports whether the class itself declares the method.
func (c *Class) Declares(name, descriptor string) bool {
	_, ok := c.Method(name, descriptor)
	return ok
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

// Strings returns the text of every CONSTANT_String (§4.4.3), once each.
func (c *Class) Strings() iter.Seq[string] {
	return func(yield func(string) bool) {
		seen := make(map[int]bool) // by Utf8: many strings may share a long one
		for _, at := range c.pool {
			if at == 0 || c.data[at] != tagString {
				continue
			}
			index := c.u2(int(at) + 1)
			if seen[index] {
				continue
			}
			seen[index] = true
			if !yield(c.text(index)) {
				return
			}
		}
	}
}

// Types returns what References does, and then each class in the descriptors of
// the fields and methods that the code uses (§4.4.6): all that it can link to. A
// class may come again.
func (c *Class) Types() iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range c.References() {
			if !yield(name) {
				return
			}
		}
		seen := make(map[int]bool)
		for _, at := range c.pool {
			if at == 0 || c.data[at] != tagNameAndType {
				continue
			}
			index := c.u2(int(at) + 3)
			if seen[index] {
				continue
			}
			seen[index] = true
			for rest := c.text(index); ; {
				_, after, ok := strings.Cut(rest, "L")
				name, after, closed := strings.Cut(after, ";")
				if !ok || !closed {
					break
				}
				if !yield(strings.ReplaceAll(name, "/", ".")) {
					return
				}
				rest = after
			}
		}
	}
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
