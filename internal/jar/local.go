package jar

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"io"
	"slices"
	"strings"
)

// place is what the pass over the local headers must know of an entry. It goes
// with the element of the archive's index that has its number, until that is
// sorted.
type place struct {
	offset int64
	packed uint32 // at most
	number uint32
	names  uint16 // length of the name
	method uint8
	kind   kind
}

type kind uint8

const (
	kindFile kind = iota
	kindFolder
	kindClass
)

// locals reads the local header of each entry, and the first bytes of each
// class, in the order in which they lie in the file. Nearly all of the time that
// it takes to look into a jar is spent here: once for each entry.
func (s *scanner) locals() {
	slices.SortFunc(s.places, func(x, y place) int {
		return cmp.Or(cmp.Compare(x.offset, y.offset), cmp.Compare(x.number, y.number))
	})
	w := openWindow(s.a.content, s.a.directory.file, pieceSize)
	defer w.close()
	if len(s.places) > 0 && s.places[0].offset > 0 && s.a.directory.prefix == 0 {
		s.a.defect(Prefix, "", "something stands before the archive in the file")
	}
	end, overlap := int64(0), false
	for i, p := range s.places {
		overlap = overlap || p.offset < end && !s.again(i)
		end = max(end, s.local(w, p))
	}
	if overlap {
		s.a.defect(Overlap, "", "entries of the archive share bytes, as in an archive made to overwhelm readers")
	}
}

// again tells the second of two records of the directory for one place in the
// file, under one name: some tools that merge jars write such pairs.
func (s *scanner) again(i int) bool {
	same := func(i, j int) bool {
		return j >= 0 && s.places[i].offset == s.places[j].offset && s.a.index[s.places[i].number].hash == s.a.index[s.places[j].number].hash
	}
	return same(i, i-1) && !same(i, i-2)
}

// local looks at one entry, and tells where in the file it ends.
func (s *scanner) local(w *window, p place) (end int64) {
	least, more := localLength+int(p.names), 0
	if p.kind == kindClass {
		more = peekSize
	}
	head := w.at(p.offset, least+more)
	if len(head) < localLength || string(head[:4]) != signatureLocal {
		if p.kind == kindFolder {
			s.differs(p, "the folder is not where the directory says")
		} else {
			s.report(LocalHeader, p, noLocalHeader)
		}
		return p.offset
	}
	size := localSize(head)
	s.compare(p, head)
	described := binary.LittleEndian.Uint16(head[6:])&flagDescriptor != 0 // head is good until the next look
	start := p.offset + int64(size)
	if p.kind == kindClass {
		data := head[min(size, len(head)):]
		if len(data) < peekSize {
			data = w.at(start, peekSize)
		}
		s.class(p, data[:min(len(data), int(p.packed))])
	}
	end = start + int64(p.packed)
	if described && p.packed < full && !s.described(w.at(end, 24), p) {
		s.differs(p, "the record behind the entry has other sizes or another checksum than the directory, which is what the JVM goes by")
	}
	if end > s.a.directory.offset && p.packed < full {
		s.report(Misplaced, p, "the entry lies in or behind the archive's directory, and the JVM reads it there")
	}
	return end
}

// compare holds the local header against the directory. The JVM looks only at
// the latter; tools that read an archive from its beginning look only at the
// former.
func (s *scanner) compare(p place, head []byte) {
	le := binary.LittleEndian
	x := &s.a.index[p.number]
	flags, names := le.Uint16(head[6:]), int(le.Uint16(head[26:]))
	switch {
	case names != int(p.names), len(head) >= localLength+names && maphash.Bytes(seed, head[localLength:localLength+names]) != x.hash:
		s.differs(p, "the entry's own header has another name than the directory, which is what the JVM goes by")
	case le.Uint16(head[8:]) != uint16(p.method), flags&flagEncrypted != 0:
		s.differs(p, "the entry's own header has another method than the directory, which is what the JVM goes by")
	case flags&flagDescriptor != 0:
	case le.Uint32(head[14:]) != x.crc, differ(le.Uint32(head[18:]), p.packed), differ(le.Uint32(head[22:]), x.size):
		s.differs(p, "the entry's own header has other sizes or another checksum than the directory, which is what the JVM goes by")
	}
}

// described tells whether a data descriptor says what the directory says: with or
// without a signature, with sizes of 4 or 8 bytes (APPNOTE.TXT 4.3.9).
func (s *scanner) described(b []byte, p place) bool {
	x := s.a.index[p.number]
	if x.size == full {
		return true
	}
	le := binary.LittleEndian
	for _, b := range [][]byte{b, b[min(4, len(b)):]} {
		switch {
		case len(b) < 12 || le.Uint32(b) != x.crc:
		case le.Uint32(b[4:]) == p.packed && le.Uint32(b[8:]) == x.size,
			len(b) >= 20 && le.Uint64(b[4:]) == uint64(p.packed) && le.Uint64(b[12:]) == uint64(x.size):
			return true
		}
	}
	return false
}

// differ compares sizes of which one may be in a zip64 field.
func differ(local, central uint32) bool { return local != central && local != full && central != full }

func (s *scanner) differs(p place, detail string) { s.report(LocalDiffers, p, detail) }

// report reads the entry's name only if the defect finds room.
func (s *scanner) report(code Code, p place, detail string) {
	if s.a.room(code) {
		s.a.defect(code, s.name(p), detail)
	}
}

// name reads an entry's name again: few are ever needed.
func (s *scanner) name(p place) string {
	e, _ := s.a.directory.at(s.a.content, int64(s.a.index[p.number].position))
	return e.name
}

// class reads the first eight bytes of a class: magic and version. It does not
// look at the checksum, which would mean to unpack everything.
func (s *scanner) class(p place, data []byte) {
	var head [8]byte
	switch {
	case p.method == stored:
		copy(head[:], data)
	case s.peeker.peek(data, head[:]):
	default:
		s.inflateHead(p, head[:])
	}
	if binary.BigEndian.Uint32(head[:]) != 0xcafebabe || p.method == stored && len(data) < len(head) {
		s.report(BadClass, p, "the entry is named .class and holds no class")
		return
	}
	major := binary.BigEndian.Uint16(head[6:])
	v := s.versions[major]
	if v == nil {
		v = &ClassVersion{Major: major, Example: s.name(p)}
		s.versions[major] = v
	}
	v.Count++
}

// inflateHead is for what the peek does not know. Without all bytes of head
// there is no class.
func (s *scanner) inflateHead(p place, head []byte) {
	e, ok := s.a.directory.at(s.a.content, int64(s.a.index[p.number].position))
	if !ok {
		return
	}
	in, done, defect := s.a.directory.open(s.a.content, e)
	if defect != nil {
		return
	}
	defer done()
	if _, err := io.ReadFull(in, head); err != nil {
		clear(head)
	}
}

func kindOf(name string) kind {
	if strings.HasSuffix(name, "/") {
		return kindFolder
	}
	if isClass(name) {
		return kindClass
	}
	return kindFile
}
