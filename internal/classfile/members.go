package classfile

import "slices"

// class reads all of a class file (§4.1).
func (d *Decoder) class() *Class {
	c := &Class{Header: d.header()}
	for d.err == nil && d.more() {
	}
	if len(d.buf) > MaxSize {
		d.fail(MaxSize, "larger than 16 MiB")
	}
	if d.err != nil {
		return nil
	}
	c.texts = d.checkPool()
	c.data, c.pool = string(d.buf), slices.Clone(d.pool)

	d.part = "fields"
	for n := d.u2(); n > 0 && d.err == nil; n-- {
		m := d.member(c)
		c.fields = append(c.fields, field{m.Name, m.constant})
	}
	d.part = "methods"
	n := d.u2()
	c.Methods = make([]Method, 0, min(n, (len(d.buf)-d.off)/8))
	for ; n > 0 && d.err == nil; n-- {
		c.Methods = append(c.Methods, d.member(c))
	}
	d.part = "attributes"
	for n := d.u2(); n > 0 && d.err == nil; n-- {
		switch name, _ := d.attribute(c); name {
		case "Scala", "ScalaSig", "TASTY":
			c.scala = true
		}
	}
	if d.err == nil && d.off != len(d.buf) {
		d.fail(d.off, "extra bytes")
	}
	return c
}

// member reads a field_info (§4.5) or method_info (§4.6), which look alike.
func (d *Decoder) member(c *Class) Method {
	m := Method{Flags: Flags(d.u2()), Name: d.utf8(c), Descriptor: d.utf8(c)}
	for n := d.u2(); n > 0 && d.err == nil; n-- {
		begin := d.off
		name, content := d.attribute(c)
		if name == "ConstantValue" && d.part == "fields" && len(content) == 2 {
			m.constant = int(content[0])<<8 | int(content[1])
		}
		if name != "Code" || d.part != "methods" {
			continue
		}
		if m.code != "" {
			d.fail(begin, "second attribute Code")
		}
		m.code = content
	}
	return m
}

// attribute reads the name and the content of an attribute_info (§4.7).
func (d *Decoder) attribute(c *Class) (name, content string) {
	name = d.utf8(c)
	length := d.u4()
	begin := d.off
	d.skip(length)
	return name, c.data[begin:d.off]
}

// utf8 reads an index of the constant pool and returns the text there.
func (d *Decoder) utf8(c *Class) string {
	index := d.u2()
	if d.err != nil {
		return ""
	}
	if d.constant(index, tagUtf8) == 0 {
		d.fail(d.off-2, "no Utf8 at this index of the constant pool")
		return ""
	}
	return c.text(index)
}
