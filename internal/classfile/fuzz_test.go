package classfile_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"glue-connector/internal/classfile"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse holds what the package promises of any input: no panic; nothing is
// read past the end; the pool is what the file says; and what ReadClass takes,
// ReadHeader takes with equal fields.
func FuzzParse(f *testing.F) {
	f.Add(sample().bytes())
	for _, h := range hostile {
		f.Add(h.file())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		_, versionErr := classfile.ParseVersion(b)
		var d classfile.Decoder
		h, headerErr := d.ReadHeader(bytes.NewReader(b))
		if headerErr == nil {
			begins, data, end := d.Pool()
			if diff := cmp.Diff(b[8:end], serialize(begins, data)); diff != "" {
				t.Error(diff)
			}
		}
		c, err := d.ReadClass(bytes.NewReader(b))
		if err != nil {
			return
		}
		if headerErr != nil || versionErr != nil {
			t.Fatal(headerErr, versionErr)
		}
		if diff := cmp.Diff(h, c.Header); diff != "" {
			t.Error(diff)
		}
		c.HasDefaultConstructor()
		for range c.References() {
		}
		for _, m := range c.Methods {
			c.FieldValue(c.Returned(m.Name, m.Descriptor).Name)
		}
	})
}

// serialize writes the constant pool again from where its constants begin,
// and from the lengths that §4.4 gives.
func serialize(begins []uint32, data []byte) []byte {
	out := binary.BigEndian.AppendUint16(nil, uint16(len(begins)))
	for _, at := range begins {
		if at == 0 {
			continue
		}
		length := 0
		switch tag := data[at]; tag {
		case 1: // Utf8
			length = 2 + int(binary.BigEndian.Uint16(data[at+1:]))
		case 3, 4, 9, 10, 11, 12, 17, 18:
			length = 4
		case 5, 6: // Long, Double
			length = 8
		case 15: // MethodHandle
			length = 3
		case 7, 8, 16, 19, 20:
			length = 2
		}
		out = append(out, data[at:int(at)+1+length]...)
	}
	return out
}
