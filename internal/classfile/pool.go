package classfile

import "encoding/binary"

// The tags of constants (§4.4, table 4.4-A) that are named here.
const (
	tagUtf8               = 1
	tagLong               = 5
	tagDouble             = 6
	tagClass              = 7
	tagString             = 8
	tagFieldref           = 9
	tagMethodref          = 10
	tagInterfaceMethodref = 11
	tagNameAndType        = 12
	tagMethodHandle       = 15
)

// constants holds, for each tag, how many bytes a constant takes with its tag
// (Utf8: and its bytes), and the tags of the constants that its first and its
// second u2 refer to (0: that is no such reference).
var constants = [...]struct{ size, first, second uint8 }{
	tagUtf8:               {size: 3},
	3:                     {size: 5}, // Integer
	4:                     {size: 5}, // Float
	tagLong:               {size: 9},
	tagDouble:             {size: 9},
	tagClass:              {3, tagUtf8, 0},
	tagString:             {3, tagUtf8, 0},
	tagFieldref:           {5, tagClass, tagNameAndType},
	tagMethodref:          {5, tagClass, tagNameAndType},
	tagInterfaceMethodref: {5, tagClass, tagNameAndType},
	tagNameAndType:        {5, tagUtf8, tagUtf8},
	tagMethodHandle:       {size: 4},
	16:                    {3, tagUtf8, 0},        // MethodType
	17:                    {5, 0, tagNameAndType}, // Dynamic
	18:                    {5, 0, tagNameAndType}, // InvokeDynamic
	19:                    {3, tagUtf8, 0},        // Module
	20:                    {3, tagUtf8, 0},        // Package
}

// constant returns where the constant at the index begins, or 0 if there is
// none with the tag.
func (d *Decoder) constant(index int, tag byte) int {
	if index >= len(d.pool) {
		return 0
	}
	if at := d.pool[index]; at != 0 && d.buf[at] == tag {
		return int(at)
	}
	return 0
}

// u2At and utf8At read what readPool found to be whole.

func (d *Decoder) u2At(at int) int { return int(binary.BigEndian.Uint16(d.buf[at:])) }

func (d *Decoder) utf8At(at int) []byte { return d.buf[at+3:][:d.u2At(at+1)] }

// checkPool checks what each constant says and refers to (§4.4). It returns
// the text of every Utf8 that is not its bytes, by where that begins.
func (d *Decoder) checkPool() map[uint32]string {
	var texts map[uint32]string
	d.part = "constant pool"
	for _, at := range d.pool {
		if at == 0 || d.err != nil {
			continue
		}
		switch tag := d.buf[at]; tag {
		case tagUtf8:
			raw := d.utf8At(int(at))
			if ascii(raw) {
				continue
			}
			text, ok := appendModified(nil, raw)
			if !ok {
				d.fail(int(at), "invalid modified UTF-8")
			}
			if texts == nil {
				texts = map[uint32]string{}
			}
			texts[at] = string(text)
		case tagMethodHandle:
			d.checkMethodHandle(int(at))
		default:
			c := constants[tag]
			if c.first != 0 && d.constant(d.u2At(int(at)+1), c.first) == 0 ||
				c.second != 0 && d.constant(d.u2At(int(at)+3), c.second) == 0 {
				d.fail(int(at), "constant that refers to none of the right kind")
			}
		}
	}
	return texts
}

// checkMethodHandle checks a MethodHandle (§4.4.8).
func (d *Decoder) checkMethodHandle(at int) {
	index, ok := d.u2At(at+2), false
	switch d.buf[at+1] {
	case 1, 2, 3, 4: // REF_getField ... REF_putStatic
		ok = d.constant(index, tagFieldref) != 0
	case 5, 8: // REF_invokeVirtual, REF_newInvokeSpecial
		ok = d.constant(index, tagMethodref) != 0
	case 6, 7: // REF_invokeStatic, REF_invokeSpecial
		ok = d.constant(index, tagMethodref) != 0 || d.constant(index, tagInterfaceMethodref) != 0
	case 9: // REF_invokeInterface
		ok = d.constant(index, tagInterfaceMethodref) != 0
	}
	if !ok {
		d.fail(at, "method handle that refers to none of the right kind")
	}
}
