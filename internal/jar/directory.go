package jar

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"
)

// directory is where an archive's central directory lies (APPNOTE.TXT 4.3.12
// to 4.3.16).
type directory struct {
	offset, size int64 // in the file
	entries      uint64
	// prefix is how far everything is shifted by what stands before the
	// archive, such as a launcher script.
	prefix int64
}

// entry is one record of the central directory.
type entry struct {
	name             string
	position         int64 // in the directory
	flags, method    uint16
	crc              uint32
	packed, unpacked uint64
	offset           int64 // of the local header, in the file
	symlink          bool
}

const (
	endLength     = 22
	locatorLength = 20
	end64Length   = 56
	recordLength  = 46
	localLength   = 30

	flagEncrypted = 1 << 0
	flagUTF8      = 1 << 11
)

// findDirectory looks for the last record before anything is allocated by what
// it says.
func findDirectory(r io.ReaderAt, size int64) (directory, *Defect) {
	if size == 0 {
		return directory{}, &Defect{Code: Empty, Detail: "the file is empty"}
	}
	tail := make([]byte, min(size, endLength+0xffff))
	if n, err := r.ReadAt(tail, size-int64(len(tail))); n < len(tail) {
		return directory{}, &Defect{Code: Broken, Detail: "the file cannot be read to its end: " + plainError(err)}
	}
	i := lastEnd(tail)
	if i < 0 {
		head := make([]byte, 2)
		if _, err := r.ReadAt(head, 0); err == nil && string(head) == "PK" {
			return directory{}, &Defect{Code: Broken, Detail: "the archive is cut off: its directory, which stands at the end, is missing"}
		}
		return directory{}, &Defect{Code: NotZip, Detail: "the file is not a zip archive"}
	}
	d := directory{
		entries: uint64(binary.LittleEndian.Uint16(tail[i+10:])),
		size:    int64(binary.LittleEndian.Uint32(tail[i+12:])),
		offset:  int64(binary.LittleEndian.Uint32(tail[i+16:])),
	}
	end := size - int64(len(tail)-i)
	if d.entries == 0xffff || d.size == 0xffffffff || d.offset == 0xffffffff {
		var ok bool
		if d, end, ok = d.read64(r, end); !ok {
			return d, &Defect{Code: Broken, Detail: "the archive's end names a directory that is not there"}
		}
	}
	switch {
	case d.entries > MaxEntries || d.size > MaxDirectory:
		return d, &Defect{Code: TooLarge, Detail: "the archive's directory is larger than 64 MiB or has more than 500,000 entries"}
	case d.size > end || d.offset < 0 || d.offset > end-d.size || uint64(d.size) < d.entries*recordLength:
		return d, &Defect{Code: Broken, Detail: "the archive's directory is broken or cut off"}
	}
	d.prefix = end - d.size - d.offset
	d.offset = end - d.size
	return d, nil
}

// lastEnd finds the end record whose comment reaches just to the file's end,
// else the last one at all, as the JDK does.
func lastEnd(tail []byte) int {
	for i := len(tail) - endLength; i >= 0; i-- {
		if string(tail[i:i+4]) == "PK\x05\x06" && i+endLength+int(binary.LittleEndian.Uint16(tail[i+20:])) == len(tail) {
			return i
		}
	}
	if i := bytes.LastIndex(tail, []byte("PK\x05\x06")); i >= 0 && i+endLength <= len(tail) {
		return i
	}
	return -1
}

// read64 reads the zip64 record that a locator just before the end names.
func (d directory) read64(r io.ReaderAt, end int64) (_ directory, _ int64, ok bool) {
	var locator [locatorLength]byte
	if end < locatorLength {
		return d, end, true
	}
	if _, err := r.ReadAt(locator[:], end-locatorLength); err != nil {
		return d, end, false
	}
	if string(locator[:4]) != "PK\x06\x07" {
		return d, end, true // exactly 65,535 entries, without zip64
	}
	var record [end64Length]byte
	offset := binary.LittleEndian.Uint64(locator[8:])
	if offset > uint64(end) {
		return d, end, false
	}
	if _, err := r.ReadAt(record[:], int64(offset)); err != nil || string(record[:4]) != "PK\x06\x06" {
		return d, end, false
	}
	d.entries = binary.LittleEndian.Uint64(record[32:])
	size, start := binary.LittleEndian.Uint64(record[40:]), binary.LittleEndian.Uint64(record[48:])
	if size > 1<<62 || start > 1<<62 {
		return d, end, false
	}
	d.size, d.offset = int64(size), int64(start)
	return d, int64(offset), true
}

var errStop = errors.New("stop")

// each calls f with every entry in the directory's order, until it returns
// false. Names are only good during the call unless they are kept by it.
func (d directory) each(r io.ReaderAt, f func(entry) bool) *Defect {
	in := bufio.NewReaderSize(io.NewSectionReader(r, d.offset, d.size), 64<<10)
	var position int64
	for n := uint64(0); n < d.entries; n++ {
		e, length, err := d.record(in)
		if err != nil {
			return &Defect{Code: Broken, Detail: "the archive's directory ends in the middle"}
		}
		e.position = position
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

// at reads the one record at a position of the directory.
func (d directory) at(r io.ReaderAt, position int64) (entry, error) {
	in := bufio.NewReaderSize(io.NewSectionReader(r, d.offset+position, d.size-position), 512)
	e, _, err := d.record(in)
	e.position = position
	return e, err
}

func (d directory) record(in *bufio.Reader) (e entry, length int64, err error) {
	head, err := in.Peek(recordLength)
	if err != nil || string(head[:4]) != "PK\x01\x02" {
		return e, 0, errStop
	}
	le := binary.LittleEndian
	e.flags, e.method = le.Uint16(head[8:]), le.Uint16(head[10:])
	e.crc = le.Uint32(head[16:])
	e.packed, e.unpacked = uint64(le.Uint32(head[20:])), uint64(le.Uint32(head[24:]))
	names, extras, comment := int(le.Uint16(head[28:])), int(le.Uint16(head[30:])), int(le.Uint16(head[32:]))
	e.symlink = head[5] == 3 && le.Uint32(head[38:])>>16&0o170000 == 0o120000
	e.offset = int64(le.Uint32(head[42:]))
	in.Discard(recordLength)
	name := make([]byte, names)
	if _, err := io.ReadFull(in, name); err != nil {
		return e, 0, errStop
	}
	e.name = string(name)
	if extras > 0 {
		extra := make([]byte, extras)
		if _, err := io.ReadFull(in, extra); err != nil {
			return e, 0, errStop
		}
		e.zip64(extra)
	}
	if n, err := in.Discard(comment); n < comment || err != nil {
		return e, 0, errStop
	}
	e.offset += d.prefix
	return e, int64(recordLength + names + extras + comment), nil
}

// zip64 takes sizes and the offset from the extra field of that name, in the
// order in which the plain ones are full (APPNOTE.TXT 4.5.3).
func (e *entry) zip64(extra []byte) {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			return
		}
		if id == 1 {
			field := extra[:n]
			take := func(full bool, old uint64) uint64 {
				if !full || len(field) < 8 {
					return old
				}
				v := binary.LittleEndian.Uint64(field)
				field = field[8:]
				return v
			}
			e.unpacked = take(e.unpacked == 0xffffffff, e.unpacked)
			e.packed = take(e.packed == 0xffffffff, e.packed)
			e.offset = int64(take(e.offset == 0xffffffff, uint64(e.offset)) & (1<<62 - 1))
		}
		extra = extra[n:]
	}
}

func (e entry) validName() bool { return utf8.ValidString(e.name) }

func plainError(err error) string {
	if err == nil {
		return "it is shorter than it was"
	}
	return err.Error()
}
