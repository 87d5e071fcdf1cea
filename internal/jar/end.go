package jar

import (
	"encoding/binary"
	"io"
)

// directory is where an archive's central directory lies (APPNOTE.TXT 4.3.12
// to 4.3.16).
type directory struct {
	file         int64 // size of the file
	offset, size int64 // in the file
	entries      int64 // as the end record counts them: only a hint
	// suffix tells that something stands behind the end record and its comment.
	suffix bool
	// prefix is how far everything is shifted by what stands before the
	// archive, such as a launcher script.
	prefix int64
}

const (
	endLength     = 22
	locatorLength = 20
	end64Length   = 56
	// searched is how far from the file's end the JDK looks for the end record:
	// the longest comment, and a little more for its reading in blocks.
	searched = 65636

	signatureLocal   = "PK\x03\x04"
	signatureCentral = "PK\x01\x02"
	signatureEnd     = "PK\x05\x06"
	signatureLocator = "PK\x06\x07"
	signatureEnd64   = "PK\x06\x06"
)

var tooLarge = Defect{Code: TooLarge, Detail: "the archive's directory is larger than 64 MiB or has more than 500,000 entries"}

// findDirectory looks for the directory as java.util.zip.ZipFile does (its
// findEND and initCEN), before anything is allocated by what the end says.
func findDirectory(r io.ReaderAt, size int64) (directory, *Defect) {
	if size == 0 {
		return directory{}, &Defect{Code: Empty, Detail: "the file is empty"}
	}
	w := openWindow(r, size, pieceSize)
	defer w.close()
	length := int(min(size, searched))
	tail := w.at(size-int64(length), length)
	if len(tail) < length {
		return directory{}, &Defect{Code: Broken, Detail: "the file cannot be read to its end"}
	}
	for i := len(tail) - endLength; i >= 0; i-- {
		if string(tail[i:i+4]) != signatureEnd {
			continue
		}
		comment := int(binary.LittleEndian.Uint16(tail[i+20:]))
		d := directory{
			file:    size,
			entries: int64(binary.LittleEndian.Uint16(tail[i+10:])),
			size:    int64(binary.LittleEndian.Uint32(tail[i+12:])),
			offset:  int64(binary.LittleEndian.Uint32(tail[i+16:])),
		}
		position := size - int64(len(tail)-i)
		if end := i + endLength + comment; end != len(tail) {
			// The comment may be cut off or followed by something, or these four
			// bytes are none of an end record.
			start := position - d.size
			if !signed(r, start, signatureCentral) || !signed(r, start-d.offset, signatureLocal) {
				continue
			}
			if end > len(tail) {
				return d, &Defect{Code: Broken, Detail: "the archive's comment is cut off"}
			}
			d.suffix = true
		}
		return d.read64(r, position).place()
	}
	if signed(r, 0, "PK") {
		return directory{}, &Defect{Code: Broken, Detail: "the archive is cut off: its directory, which stands at the end, is missing"}
	}
	return directory{}, &Defect{Code: NotZip, Detail: "the file is not a zip archive"}
}

func signed(r io.ReaderAt, offset int64, signature string) bool {
	var b [4]byte
	n := len(signature)
	if offset < 0 {
		return false
	}
	_, err := r.ReadAt(b[:n], offset)
	return err == nil && string(b[:n]) == signature
}

// located is a directory with the position of the record that names it.
type located struct {
	directory
	end int64
}

// read64 reads the zip64 record that a locator just before the end names. One
// that contradicts the end counts for nothing.
func (d directory) read64(r io.ReaderAt, end int64) located {
	var locator [locatorLength]byte
	var record [end64Length]byte
	plain := located{d, end}
	if !signed(r, end-locatorLength, signatureLocator) {
		return plain
	}
	if _, err := r.ReadAt(locator[:], end-locatorLength); err != nil {
		return plain
	}
	offset := int64(binary.LittleEndian.Uint64(locator[8:]))
	if !signed(r, offset, signatureEnd64) {
		return plain
	}
	if _, err := r.ReadAt(record[:], offset); err != nil {
		return plain
	}
	long := d
	long.entries = int64(binary.LittleEndian.Uint64(record[32:]))
	long.size = int64(binary.LittleEndian.Uint64(record[40:]))
	long.offset = int64(binary.LittleEndian.Uint64(record[48:]))
	if long.size != d.size && d.size != 0xffffffff || long.offset != d.offset && d.offset != 0xffffffff ||
		long.entries != d.entries && d.entries != 0xffff {
		return plain
	}
	return located{long, offset}
}

// place turns what the end says into a place in the file: the directory ends
// where the end record begins, whatever offset is given for it.
func (l located) place() (directory, *Defect) {
	d := l.directory
	switch {
	case d.entries > MaxEntries || d.size > MaxDirectory:
		return d, &tooLarge
	case l.end == 0: // nothing but an end: an archive without entries
		return directory{file: d.file}, nil
	case d.size < 0 || d.size > l.end || d.entries < 0 || d.entries > d.size/recordLength:
		return d, &Defect{Code: Broken, Detail: "the archive's directory is broken or cut off"}
	}
	start := l.end - d.size
	if d.prefix = start - d.offset; d.prefix < 0 {
		return d, &Defect{Code: Broken, Detail: "the archive's directory is broken or cut off"}
	}
	d.offset = start
	return d, nil
}
