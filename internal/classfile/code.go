package classfile

import (
	"iter"
	"strings"
)

// The opcodes that are named here (§6.5).
const (
	opNop             = 0x00
	opLdc             = 0x12
	opLdcW            = 0x13
	opAload           = 0x19
	opAload0          = 0x2A
	opAload3          = 0x2D
	opAreturn         = 0xB0
	opGetstatic       = 0xB2
	opPutstatic       = 0xB3
	opGetfield        = 0xB4
	opPutfield        = 0xB5
	opInvokevirtual   = 0xB6
	opInvokespecial   = 0xB7
	opInvokestatic    = 0xB8
	opInvokeinterface = 0xB9
	opCheckcast       = 0xC0
	opTableswitch     = 0xAA
	opLookupswitch    = 0xAB
	opWide            = 0xC4
	opIinc            = 0x84
)

// lengths are those of instructions by opcode, from where each run begins; 0
// is for the ones that vary.
var lengths = []struct{ from, length int }{
	{0x00, 1}, {0x10, 2}, {0x11, 3}, {opLdc, 2}, {opLdcW, 3}, {0x15, 2}, {0x1A, 1}, {0x36, 2}, {0x3B, 1}, {opIinc, 3}, {0x85, 1},
	{0x99, 3}, {0xA9, 2}, {opTableswitch, 0}, {0xAC, 1}, {opGetstatic, 3}, {opInvokeinterface, 5}, {0xBB, 3}, {0xBC, 2}, {0xBD, 3},
	{0xBE, 1}, {opCheckcast, 3}, {0xC2, 1}, {opWide, 0}, {0xC5, 4}, {0xC6, 3}, {0xC8, 5}, {0xCA, -1},
}

var lengthOf = func() (table [256]int8) {
	for i, r := range lengths[:len(lengths)-1] {
		for op := r.from; op < lengths[i+1].from; op++ {
			table[op] = int8(r.length)
		}
	}
	return table
}()

// An instruction is one of a method's code, with its operands.
type instruction string

func (i instruction) op() byte { return i[0] }

// index is the constant that an instruction refers to.
func (i instruction) index() int {
	if i.op() == opLdc {
		return int(i[1])
	}
	return int(i[1])<<8 | int(i[2])
}

// body gives the instructions of a method but nops, as far as they can be told
// apart; ok is false if it has none or their length is wrong.
func (m Method) body() (_ iter.Seq[instruction], ok bool) {
	if len(m.code) < 8 || uint64(u4(m.code[4:])) > uint64(len(m.code)-8) {
		return nil, false
	}
	code := m.code[8:][:u4(m.code[4:])]
	return func(yield func(instruction) bool) {
		for at := 0; at < len(code); {
			n := instructionLength(code, at)
			if n <= 0 || n > len(code)-at {
				return
			}
			if i := instruction(code[at : at+n]); i.op() != opNop && !yield(i) {
				return
			}
			at += n
		}
	}, len(code) > 0
}

func instructionLength(code string, at int) int {
	op := code[at]
	switch op {
	case opWide:
		if at+1 < len(code) && code[at+1] == opIinc {
			return 6
		}
		return 4
	case opTableswitch, opLookupswitch:
		begin := at&^3 + 4 // padded to a multiple of four
		if begin+12 > len(code) {
			return 0
		}
		first, second := int64(int32(u4(code[begin+4:]))), int64(int32(u4(code[begin+8:])))
		n := int64(begin-at) + 8 + 8*first
		if op == opTableswitch {
			n = int64(begin-at) + 12 + 4*(second-first+1)
		}
		if n < 0 || n > int64(len(code)) {
			return 0
		}
		return int(n)
	}
	return int(lengthOf[op])
}

// parameters counts those of a method's descriptor (§4.3.3), -1 if it is none.
func parameters(descriptor string) int {
	if !strings.HasPrefix(descriptor, "(") {
		return -1
	}
	n := 0
	for i := 1; i < len(descriptor); i++ {
		switch descriptor[i] {
		case ')':
			return n
		case '[':
			continue // the element follows
		case 'L':
			length := strings.IndexByte(descriptor[i:], ';')
			if length < 0 {
				return -1
			}
			i += length
		case 'J', 'D':
			return -1 // takes two places of the stack; not needed here
		}
		n++
	}
	return -1
}
