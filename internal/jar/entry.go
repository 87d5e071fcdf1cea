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

// data finds an entry's bytes in the file as the JVM does: the local header
// counts only for how long it is, and the directory for how long the bytes are,
// which the file's end may cut.
func (d directory) data(r io.ReaderAt, e entry) (*io.SectionReader, *Defect) {
	var head [localLength]byte
	if !signed(r, e.offset, signatureLocal) {
		return nil, &Defect{LocalHeader, e.name, noLocalHeader}
	}
	if _, err := r.ReadAt(head[:], e.offset); err != nil {
		return nil, &Defect{LocalHeader, e.name, noLocalHeader}
	}
	start := e.offset + int64(localSize(head[:]))
	packed := min(e.packed, uint64(max(0, d.file-start)))
	return io.NewSectionReader(r, start, int64(packed)), nil
}

func localSize(head []byte) int {
	return localLength + int(binary.LittleEndian.Uint16(head[26:])) + int(binary.LittleEndian.Uint16(head[28:]))
}

const noLocalHeader = "the entry is not where the directory says"

// inflater is a reusable DEFLATE reader.
type inflater interface {
	io.Reader
	flate.Resetter
}

var inflaters = sync.Pool{New: func() any { return flate.NewReader(bytes.NewReader(nil)) }}

// open gives the unpacked bytes of an entry; the function returned must be
// called when they are read.
func (d directory) open(r io.ReaderAt, e entry) (io.Reader, func(), *Defect) {
	packed, defect := d.data(r, e)
	if defect != nil || e.method == stored {
		return packed, func() {}, defect
	}
	z := inflaters.Get().(inflater)
	z.Reset(packed, nil)
	return z, func() { inflaters.Put(z) }, nil
}

// readEntry unpacks a whole entry into b, if it is not longer than limit. With
// the defect Checksum all of it is there: the JVM, which does not look at
// checksums, reads it.
func readEntry(r io.ReaderAt, d directory, e entry, limit int64, b *bytes.Buffer) *Defect {
	if e.flags&flagEncrypted != 0 || e.method != stored && e.method != deflated {
		return &Defect{Encrypted, e.name, "the entry is encrypted or packed in a way that the JVM does not know"}
	}
	in, done, defect := d.open(r, e)
	if defect != nil {
		return defect
	}
	defer done()
	_, err := b.ReadFrom(io.LimitReader(in, int64(min(e.unpacked, uint64(limit)))+1))
	switch {
	case int64(b.Len()) > limit:
		return &Defect{EntryTooLong, e.name, fmt.Sprintf("the entry has more than %d bytes", limit)}
	case err != nil, uint64(b.Len()) != e.unpacked:
		return &Defect{Corrupt, e.name, "the entry does not unpack to as many bytes as the directory says"}
	case crc32.ChecksumIEEE(b.Bytes()) != e.crc:
		return &Defect{Checksum, e.name, "the entry's bytes are not those of its checksum: they were changed or damaged, and the JVM takes them nevertheless"}
	}
	return nil
}
