package classfile

import "slices"

// A Header is what a class file says of a class before its members (§4.1).
// Names are binary names with dots: com.example.Driver$Inner.
type Header struct {
	Version
	Flags      Flags
	Name       string
	Super      string // "" for java.lang.Object and modules
	Interfaces []string
}

// header reads from the magic to the interfaces. All names become one string,
// so that a header takes one allocation, and one more if it has interfaces.
func (d *Decoder) header() Header {
	if !d.has(8) {
		return Header{}
	}
	var h Header
	if h.Version, d.err = ParseVersion(d.buf); d.err != nil {
		return Header{}
	}
	d.off = 8
	d.part = "constant pool"
	d.readPool()

	d.part = "class header"
	d.names, d.ends = d.names[:0], d.ends[:0]
	h.Flags = Flags(d.u2())
	d.className(d.u2())
	d.super(h.Flags)
	d.part = "interfaces"
	for range d.u2() {
		if d.err != nil {
			break
		}
		d.className(d.u2())
	}
	if d.err != nil {
		return Header{}
	}
	names := string(d.names)
	h.Name, h.Super = names[:d.ends[0]], names[d.ends[0]:d.ends[1]]
	if n := len(d.ends) - 2; n > 0 {
		h.Interfaces = make([]string, n)
		for i := range n {
			h.Interfaces[i] = names[d.ends[i+1]:d.ends[i+2]]
		}
	}
	return h
}

// super reads super_class, which is 0 for java.lang.Object and modules.
func (d *Decoder) super(f Flags) {
	index := d.u2()
	switch {
	case d.err != nil || index != 0:
		d.className(index)
	case f.Module() || string(d.names) == "java.lang.Object":
		d.ends = append(d.ends, len(d.names))
	default:
		d.fail(d.off-2, "class without a superclass")
	}
}

// className adds the name of the CONSTANT_Class at the index to names.
func (d *Decoder) className(index int) {
	if d.err != nil {
		return
	}
	at := d.constant(index, tagClass)
	if at != 0 {
		at = d.constant(d.u2At(at+1), tagUtf8)
	}
	if at == 0 {
		d.fail(d.off-2, "no class name at this index of the constant pool")
		return
	}
	raw, begin := d.utf8At(at), len(d.names)
	// Names that are not repeated fit in the pool they are from, and a class
	// that repeats one cannot be loaded: this keeps memory linear.
	if begin+len(raw) > d.poolEnd {
		d.fail(d.off-2, "repeated class names")
		return
	}
	var ok bool
	if d.names, ok = appendModified(d.names, raw); !ok {
		d.fail(at, "invalid modified UTF-8")
		return
	}
	if !dotted(d.names[begin:]) {
		d.fail(at, "illegal class name")
	}
	d.ends = append(d.ends, len(d.names))
}

// dotted turns the internal form of a binary name (§4.2.1) into the one with
// dots. It is false if that is no legal name, for instance that of an array.
func dotted(name []byte) bool {
	previous := byte('/')
	for i, c := range name {
		switch c {
		case '.', ';', '[':
			return false
		case '/':
			if previous == '/' {
				return false
			}
			name[i] = '.'
		}
		previous = c
	}
	return previous != '/'
}

// readPool walks the constant pool, and keeps where each constant begins.
func (d *Decoder) readPool() {
	count := d.u2()
	d.pool = append(slices.Grow(d.pool[:0], min(count, chunk)), 0)
	for len(d.pool) < count && d.has(3) { // no constant is shorter
		at, tag := d.off, d.buf[d.off]
		if int(tag) >= len(constants) || constants[tag].size == 0 {
			d.fail(at, "unknown constant tag")
			return
		}
		size := int(constants[tag].size)
		if tag == tagUtf8 {
			size += d.u2At(at + 1)
		}
		if !d.has(size) {
			return
		}
		d.off += size
		d.pool = append(d.pool, uint32(at))
		if tag == tagLong || tag == tagDouble { // §4.4.5: takes two indexes
			if len(d.pool) == count {
				d.fail(at, "8-byte constant at the last index")
				return
			}
			d.pool = append(d.pool, 0)
		}
	}
	if count == 0 {
		d.fail(d.off-2, "constant pool count 0")
	}
	d.poolEnd = d.off
}
