package classfile

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// A Decoder reads one class file after the other, into the same memory. Its
// zero value is ready; it must not be used by two goroutines at once. What it
// returns stays valid.
type Decoder struct {
	r       io.Reader
	buf     []byte   // what has been read of the file
	off     int      // how much of buf has been decoded
	part    string   // of the file, for errors
	err     error    // the first one; every read after it gives 0
	pool    []uint32 // where in buf each constant begins (its tag); 0: unusable
	poolEnd int

	names []byte // scratch of header
	ends  []int
}

const (
	chunk = 8 << 10 // what is asked of the reader at once
	keep  = 1 << 20 // a larger buffer is not kept for the next file
)

// ReadHeader reads a class file up to its interfaces, and no further than the
// chunk they end in. It does not look at constants which the header does not
// use, except for their tag and length.
func (d *Decoder) ReadHeader(r io.Reader) (Header, error) {
	d.reset(r)
	h := d.header()
	d.r = nil
	if d.err != nil {
		return Header{}, d.err
	}
	return h, nil
}

// ReadClass reads a class file to the end of r. Bytes after the class are an
// error, as they are to the JVM (§4.8).
func (d *Decoder) ReadClass(r io.Reader) (*Class, error) {
	d.reset(r)
	c := d.class()
	d.r = nil
	if d.err != nil {
		return nil, d.err
	}
	return c, nil
}

func (d *Decoder) reset(r io.Reader) {
	if cap(d.buf) > keep {
		d.buf = nil
	}
	d.r, d.buf, d.off, d.part, d.err = r, d.buf[:0], 0, "magic and version", nil
}

// fail keeps the first error.
func (d *Decoder) fail(offset int, message string) {
	if d.err == nil {
		d.err = fault(d.part, offset, errors.New(message))
	}
}

// has reports whether n more bytes are in buf, after reading on if need be.
func (d *Decoder) has(n int) bool {
	return d.err == nil && (len(d.buf)-d.off >= n || d.fill(n))
}

func (d *Decoder) fill(n int) bool {
	for len(d.buf)-d.off < n {
		if !d.more() {
			if d.err == nil {
				d.err = fault(d.part, len(d.buf), io.ErrUnexpectedEOF)
			}
			return false
		}
	}
	return true
}

// more reads some more into buf. It is false at the end of the file and after
// an error.
func (d *Decoder) more() bool {
	for range 100 {
		if len(d.buf) > MaxSize {
			d.fail(MaxSize, "larger than 16 MiB")
			return false
		}
		d.buf = slices.Grow(d.buf, chunk)
		n, err := d.r.Read(d.buf[len(d.buf):min(len(d.buf)+chunk, MaxSize+1)])
		d.buf = d.buf[:len(d.buf)+n]
		switch {
		case n > 0:
			return true // and an error, if there is one, comes again
		case err == io.EOF:
			return false
		case err != nil:
			d.err = fault(d.part, len(d.buf), err)
			return false
		}
	}
	d.err = fault(d.part, len(d.buf), io.ErrNoProgress)
	return false
}

// u2 and u4 read an unsigned number (§4); skip leaves n bytes out.

func (d *Decoder) u2() int {
	if !d.has(2) {
		return 0
	}
	d.off += 2
	return int(binary.BigEndian.Uint16(d.buf[d.off-2:]))
}

func (d *Decoder) u4() uint32 {
	if !d.has(4) {
		return 0
	}
	d.off += 4
	return binary.BigEndian.Uint32(d.buf[d.off-4:])
}

func (d *Decoder) skip(n uint32) {
	if n > MaxSize {
		n = MaxSize + 1 // cannot be there, and fits in an int
	}
	if d.has(int(n)) {
		d.off += int(n)
	}
}
