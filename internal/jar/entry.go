package jar

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"sync"
)

// The two methods that the JVM knows.
const (
	stored   = 0
	deflated = 8
)

// data finds where an entry's bytes begin: the local header may have another
// extra field than the directory.
func (d directory) data(r io.ReaderAt, e entry) (int64, *Defect) {
	var head [localLength]byte
	if e.offset < 0 || e.offset+localLength > d.offset {
		return 0, &Defect{LocalHeader, e.name, "the entry lies outside of the archive"}
	}
	if _, err := r.ReadAt(head[:], e.offset); err != nil || string(head[:4]) != "PK\x03\x04" {
		return 0, &Defect{LocalHeader, e.name, "the entry is not where the directory says"}
	}
	n := int64(binary.LittleEndian.Uint16(head[26:]))
	start := e.offset + localLength + n + int64(binary.LittleEndian.Uint16(head[28:]))
	if e.packed > uint64(d.offset) || start > d.offset-int64(e.packed) {
		return 0, &Defect{LocalHeader, e.name, "the entry reaches past the archive's directory"}
	}
	return start, nil
}

// inflater is a reusable DEFLATE reader.
type inflater interface {
	io.Reader
	flate.Resetter
}

var inflaters = sync.Pool{New: func() any { return flate.NewReader(bytes.NewReader(nil)) }}

// open gives the unpacked bytes of an entry; the function returned must be
// called when they are read.
func (d directory) open(r io.ReaderAt, e entry) (io.Reader, func(), *Defect) {
	start, defect := d.data(r, e)
	if defect != nil {
		return nil, nil, defect
	}
	packed := io.NewSectionReader(r, start, int64(e.packed))
	if e.method == stored {
		return packed, func() {}, nil
	}
	z := inflaters.Get().(inflater)
	z.Reset(packed, nil)
	return z, func() { inflaters.Put(z) }, nil
}

// readEntry unpacks a whole entry, if it is not longer than limit, and checks
// it as the JVM does: by length and checksum.
func readEntry(r io.ReaderAt, d directory, e entry, limit int64) ([]byte, *Defect) {
	if e.flags&flagEncrypted != 0 || e.method != stored && e.method != deflated {
		return nil, &Defect{Encrypted, e.name, "the entry is encrypted or packed in a way that the JVM does not know"}
	}
	in, done, defect := d.open(r, e)
	if defect != nil {
		return nil, defect
	}
	defer done()
	b, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case int64(len(b)) > limit:
		return nil, &Defect{EntryTooLong, e.name, fmt.Sprintf("the entry has more than %d bytes", limit)}
	case err != nil, uint64(len(b)) != e.unpacked, crc32.ChecksumIEEE(b) != e.crc:
		return nil, &Defect{Corrupt, e.name, "the entry does not unpack to what its checksum says"}
	}
	return b, nil
}
