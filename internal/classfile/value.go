package classfile

import "strings"

// A Value is what is known of a string without running anything: a constant, or
// the field or method that it comes from.
type Value struct {
	Kind ValueKind
	// Text is the constant.
	Text string
	// Class, Name and Descriptor name the field, or the method whose result it
	// is. The method is called without arguments, but for the object itself.
	Class, Name, Descriptor string
	// Virtual tells that a subclass's method of that name would be called.
	Virtual bool
}

// ValueKind says what is known of a value.
type ValueKind int

// The kinds of value.
const (
	Unknown ValueKind = iota
	Constant
	OfField
	OfMethod
)

// object is a reference of which no more is known; it is never returned.
const object ValueKind = -1

// Returned tells what the method that the class declares itself always
// returns. It is known if all the code (§4.7.3) is to load a string constant, to
// read a field, or to call a method of no arguments, and to return that: what
// javac makes of a literal and of a constant expression, and scalac of a val,
// of a value of an object, and of what is inherited from a trait. It is unknown
// where the code branches or computes.
func (c *Class) Returned(method, descriptor string) Value {
	m, ok := c.Method(method, descriptor)
	if !ok {
		return Value{}
	}
	body, ok := m.body()
	if !ok {
		return Value{}
	}
	var stack []Value
	pop := func(n int) bool {
		if n < 0 || n > len(stack) {
			return false
		}
		stack = stack[:len(stack)-n]
		return true
	}
	for i := range body {
		switch op := i.op(); {
		case op == opAload, op >= opAload0 && op <= opAload3:
			stack = append(stack, Value{Kind: object})
		case op == opLdc, op == opLdcW:
			stack = append(stack, c.stringAt(i.index()))
		case op == opGetstatic, op == opGetfield:
			if op == opGetfield && !pop(1) {
				return Value{}
			}
			stack = append(stack, c.member(OfField, i.index()))
		case op >= opInvokevirtual && op <= opInvokeinterface:
			v := c.member(OfMethod, i.index())
			receiver := 1
			if op == opInvokestatic {
				receiver = 0
			}
			if v.Kind == Unknown || !pop(parameters(v.Descriptor)+receiver) {
				return Value{}
			}
			v.Virtual = op == opInvokevirtual || op == opInvokeinterface
			stack = append(stack, v)
		case op == opCheckcast:
		case op == opAreturn && len(stack) == 1 && stack[0].Kind != object:
			return stack[0]
		default:
			return Value{}
		}
	}
	return Value{}
}

// FieldValue tells what a field of the class always holds: the value of its
// attribute ConstantValue (§4.7.2), or what the class itself sets it to, if that
// is the same wherever it does.
func (c *Class) FieldValue(name string) Value {
	for _, f := range c.fields {
		if f.name == name && f.constant > 0 {
			return c.stringAt(f.constant)
		}
	}
	var found Value
	for _, m := range c.Methods {
		body, ok := m.body()
		if !ok {
			continue
		}
		before := instruction("\x00")
		for i := range body {
			if op := i.op(); op == opPutfield || op == opPutstatic {
				if f := c.member(OfField, i.index()); f.Name == name && f.Class == c.Name {
					v := c.pushed(before)
					if v.Kind == Unknown || found.Kind != Unknown && found != v {
						return Value{}
					}
					found = v
				}
			}
			before = i
		}
	}
	return found
}

// pushed is the value that one instruction puts onto the stack.
func (c *Class) pushed(i instruction) Value {
	switch i.op() {
	case opLdc, opLdcW:
		return c.stringAt(i.index())
	case opGetstatic:
		return c.member(OfField, i.index())
	}
	return Value{}
}

// stringAt is the string constant (§4.4.3) at an index, unknown if it is none.
func (c *Class) stringAt(index int) Value {
	at, ok := c.at(index, tagString)
	if !ok {
		return Value{}
	}
	return Value{Kind: Constant, Text: c.text(c.u2(at + 1))}
}

// member is the field or method (§4.4.2) at an index.
func (c *Class) member(kind ValueKind, index int) Value {
	tags := []byte{tagFieldref}
	if kind == OfMethod {
		tags = []byte{tagMethodref, tagInterfaceMethodref}
	}
	for _, tag := range tags {
		if at, ok := c.at(index, tag); ok {
			class, pair := int(c.pool[c.u2(at+1)]), int(c.pool[c.u2(at+3)])
			return Value{
				Kind: kind, Class: strings.ReplaceAll(c.text(c.u2(class+1)), "/", "."),
				Name: c.text(c.u2(pair + 1)), Descriptor: c.text(c.u2(pair + 3)),
			}
		}
	}
	return Value{}
}

// at is where the constant of an index begins, if it is one of the tag.
func (c *Class) at(index int, tag byte) (int, bool) {
	if index >= len(c.pool) || c.pool[index] == 0 || c.data[c.pool[index]] != tag {
		return 0, false
	}
	return int(c.pool[index]), true
}
