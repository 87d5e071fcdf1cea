package jar

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"slices"
)

// part is an entry, laid down as it is told and not as it should be.
type part struct {
	name, content string
	local         func(h []byte) []byte // changes the local header, name included
	central       func(h []byte) []byte // changes the directory's record
	data          []byte                // in place of the content
	deflate       bool
	descriptor    bool
	extra         string // in the directory
	comment       string
	gap           string // before the local header
	at            int    // the offset in the directory, if not 0
}

// layout is how an archive is laid down.
type layout struct {
	prefix         string // unknown to the offsets
	beforeEnd      string // between the directory and its end
	comment        string
	after          string // behind the comment
	end            func(h []byte)
	zip64          func(record, locator []byte) // with zip64 records, changed so
	plain          bool                         // the end says it all, nevertheless
	addToDirectory string
}

var le = binary.LittleEndian

func set16(offset int, v uint16) func([]byte) []byte {
	return func(h []byte) []byte { le.PutUint16(h[offset:], v); return h }
}

func set32(offset int, v uint32) func([]byte) []byte {
	return func(h []byte) []byte { le.PutUint32(h[offset:], v); return h }
}

func setText(offset int, text string) func([]byte) []byte {
	return func(h []byte) []byte { copy(h[offset:], text); return h }
}

// lay makes an archive of parts.
func lay(l layout, parts ...part) []byte {
	var out, directory []byte
	for _, p := range parts {
		out = append(out, p.gap...)
		data, method := []byte(p.content), uint16(stored)
		if p.deflate {
			data, method = deflated6(data), deflated
		}
		if p.data != nil {
			data = p.data
		}
		flags := uint16(0)
		crc, packed, unpacked := crc32.ChecksumIEEE([]byte(p.content)), uint32(len(data)), uint32(len(p.content))
		sizes := le.AppendUint32(le.AppendUint32(le.AppendUint32(nil, crc), packed), unpacked)
		inLocal := sizes
		if p.descriptor {
			flags, inLocal = flagDescriptor, make([]byte, 12)
		}
		offset := uint32(cmp.Or(p.at, len(out)))

		local := le.AppendUint32([]byte(signatureLocal), 10|uint32(flags)<<16)
		local = slices.Concat(le.AppendUint16(local, method), make([]byte, 4), inLocal)
		local = le.AppendUint32(local, uint32(len(p.name)))
		local = append(local, p.name...)
		if p.local != nil {
			local = p.local(local)
		}
		out = append(append(out, local...), data...)
		if p.descriptor {
			out = append(append(out, "PK\x07\x08"...), sizes...)
		}

		central := le.AppendUint32([]byte(signatureCentral), 10|10<<16)
		central = le.AppendUint16(le.AppendUint16(central, flags), method)
		central = slices.Concat(central, make([]byte, 4), sizes)
		central = le.AppendUint16(le.AppendUint16(le.AppendUint16(central, uint16(len(p.name))), uint16(len(p.extra))), uint16(len(p.comment)))
		central = le.AppendUint32(append(central, make([]byte, 8)...), offset)
		central = slices.Concat(central, []byte(p.name), []byte(p.extra), []byte(p.comment))
		if p.central != nil {
			central = p.central(central)
		}
		directory = append(directory, central...)
	}
	return slices.Concat([]byte(l.prefix), out, directory, []byte(l.addToDirectory), l.tail(len(parts), len(directory), len(out)), []byte(l.after))
}

// tail makes what follows the directory.
func (l layout) tail(count, size, offset int) []byte {
	out := []byte(l.beforeEnd)
	end := slices.Concat([]byte(signatureEnd), make([]byte, 4))
	end = le.AppendUint16(le.AppendUint16(end, uint16(count)), uint16(count))
	end = le.AppendUint32(le.AppendUint32(end, uint32(size)), uint32(offset))
	end = append(le.AppendUint16(end, uint16(len(l.comment))), l.comment...)
	if l.zip64 != nil {
		record := le.AppendUint64([]byte(signatureEnd64), 44)
		record = append(record, make([]byte, 12)...)
		for _, v := range []int{count, count, size, offset} {
			record = le.AppendUint64(record, uint64(v))
		}
		locator := le.AppendUint64(append([]byte(signatureLocator), make([]byte, 4)...), uint64(len(l.prefix)+offset+size+len(l.beforeEnd)))
		locator = le.AppendUint32(locator, 1)
		if !l.plain {
			copy(end[8:], bytes.Repeat([]byte{0xff}, 12))
		}
		l.zip64(record, locator)
		out = slices.Concat(out, record, locator)
	}
	if l.end != nil {
		l.end(end)
	}
	return append(out, end...)
}

// odd is an archive that readers may differ about.
type odd struct {
	name      string
	bytes     []byte
	names     []string // to be looked up
	defective bool     // whether a defect is reported, of one that opens
	differ    bool     // some JDKs open it: here it is the latest 17 that counts
}

func (o odd) hexNames() []string {
	var all []string
	for _, n := range o.names {
		all = append(all, hex.EncodeToString([]byte(n)))
	}
	return all
}
