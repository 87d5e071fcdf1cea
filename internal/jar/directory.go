package jar

import (
	"encoding/binary"
	"io"
	"unicode/utf8"
)

// entry is one record of the central directory.
type entry struct {
	name             string
	position         int64 // in the directory
	flags, method    uint16
	crc              uint32
	packed, unpacked uint64
	offset           int64   // of the local header, in the file
	odd              *Defect // for which the JDK refuses the archive
	symlink          bool
}

const (
	recordLength = 46
	localLength  = 30

	flagEncrypted  = 1 << 0
	flagDescriptor = 1 << 3 // sizes and checksum follow the data
)

// each calls f with every entry in the directory's order, until it returns
// false. As in the JDK, the entries end where the directory ends: how many the
// end record counts does not matter.
func (d directory) each(r io.ReaderAt, f func(entry) bool) *Defect {
	w := openWindow(r, d.offset+d.size, pieceSize)
	defer w.close()
	position := int64(0)
	for position+recordLength <= d.size {
		e, length := d.record(w, position)
		if length == 0 {
			return &Defect{Code: Broken, Detail: "the archive's directory ends in the middle"}
		}
		position += length
		if !f(e) {
			return nil
		}
	}
	if position != d.size {
		return &Defect{Code: Broken, Detail: "the archive's directory holds more than its entries"}
	}
	return nil
}

// count tells how many entries each would give, at most MaxEntries.
func (d directory) count(r io.ReaderAt) int {
	w := openWindow(r, d.offset+d.size, pieceSize)
	defer w.close()
	n := 0
	for position := int64(0); n < MaxEntries; n++ {
		head := w.at(d.offset+position, recordLength)
		if len(head) < recordLength || string(head[:4]) != signatureCentral {
			break
		}
		position += int64(recordSize(head))
	}
	return n
}

// at reads the one record at a position of the directory.
func (d directory) at(r io.ReaderAt, position int64) (entry, bool) {
	w := openWindow(r, d.offset+d.size, recordPiece)
	defer w.close()
	e, length := d.record(w, position)
	return e, length > 0
}

func recordSize(head []byte) int {
	le := binary.LittleEndian
	return recordLength + int(le.Uint16(head[28:])) + int(le.Uint16(head[30:])) + int(le.Uint16(head[32:]))
}

// record reads the record at a position; a length of 0 means that there is
// none.
func (d directory) record(w *window, position int64) (e entry, length int64) {
	head := w.at(d.offset+position, recordLength)
	if len(head) < recordLength || string(head[:4]) != signatureCentral {
		return e, 0
	}
	size := recordSize(head)
	b := w.at(d.offset+position, size)
	if len(b) < size {
		return e, 0
	}
	le := binary.LittleEndian
	names, extras := int(le.Uint16(b[28:])), int(le.Uint16(b[30:]))
	name, extra, comment := b[recordLength:recordLength+names], b[recordLength+names:recordLength+names+extras], b[recordLength+names+extras:]
	e = entry{
		name: string(name), position: position,
		flags: le.Uint16(b[8:]), method: le.Uint16(b[10:]), crc: le.Uint32(b[16:]),
		packed: uint64(le.Uint32(b[20:])), unpacked: uint64(le.Uint32(b[24:])), offset: int64(le.Uint32(b[42:])),
	}
	switch {
	case !utf8.Valid(name):
		e.odd = &Defect{NameEncoding, e.name, "the entry's name is not UTF-8"}
	case !utf8.Valid(comment):
		e.odd = &Defect{NameEncoding, e.name, "the entry's comment is not UTF-8"}
	}
	if extras > 0 {
		e.extra(extra)
	}
	// Made on Unix, the high half of the external attributes is st_mode.
	e.symlink = b[5] == 3 && le.Uint16(b[40:])&0xf000 == 0xa000
	e.offset += d.prefix
	return e, int64(size)
}

// full stands in a field whose value is in the zip64 extra field.
const full = 0xffffffff

// extra takes sizes and the offset from the zip64 extra field, in the order in
// which the plain ones are full (APPNOTE.TXT 4.5.3), and looks at all extra
// fields as checkExtraFields of the JDK does, from 8u382 and 17.0.8 on.
func (e *entry) extra(b []byte) {
	found := false
	for len(b) >= 4 {
		id, n := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if b = b[4:]; n > len(b) {
			e.odd = &Defect{Broken, e.name, "an extra field of the entry is cut off"}
			return
		}
		if id == 1 {
			if !e.validZip64(b[:n]) {
				e.odd = &Defect{Broken, e.name, "the entry's zip64 field is broken"}
				return
			}
			if !found {
				e.zip64(b[:n])
			}
			found = true
		}
		b = b[n:]
	}
}

// validZip64 is checkZip64ExtraFieldValues of the JDK 17.
func (e *entry) validZip64(field []byte) bool {
	switch len(field) {
	case 0:
		return e.packed != full && e.unpacked != full
	case 8, 16, 24, 28:
		return !(e.unpacked == full && field[7] >= 0x80) && !(e.packed == full && len(field) >= 16 && field[15] >= 0x80)
	}
	return false
}

func (e *entry) zip64(field []byte) {
	take := func(old uint64) uint64 {
		if old != full || len(field) < 8 {
			return old
		}
		v := binary.LittleEndian.Uint64(field)
		field = field[8:]
		return v
	}
	e.unpacked = take(e.unpacked)
	e.packed = take(e.packed)
	e.offset = int64(take(uint64(e.offset)))
}
