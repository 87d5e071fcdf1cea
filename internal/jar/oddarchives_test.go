package jar

import (
	"encoding/binary"
	"strings"
)

// oddArchives are archives about which readers differ, or may.
func oddArchives() []odd {
	a, b := part{name: "a.txt", content: "first"}, part{name: "b/B.class", content: class + class, deflate: true}
	names := []string{"a.txt", "b/B.class"}
	var all []odd
	add := func(name string, defective bool, b []byte, more ...string) {
		all = append(all, odd{name, b, append(more, names...), defective, strings.HasPrefix(name, "JDKs differ: ")})
	}
	// with has a changed by some function, and b.
	with := func(name string, defective bool, change func(p *part), more ...string) {
		p := a
		change(&p)
		add(name, defective, lay(layout{}, p, b), more...)
	}
	laid := func(name string, defective bool, l layout) { add(name, defective, lay(l, a, b)) }

	ends(add, laid, a, b)
	locals(with, add, a, b)
	records(with, add, a, b)
	manifests(add, a)
	return all
}

type (
	adder  func(name string, defective bool, b []byte, more ...string)
	layer  func(name string, defective bool, l layout)
	change func(name string, defective bool, change func(p *part), more ...string)
)

// ends are about the end of the directory, and what stands around it.
func ends(add adder, laid layer, a, b part) {
	other := lay(layout{}, part{name: "a.txt", content: "of another archive"})
	end16 := func(offset int, v uint16) func([]byte) { return func(h []byte) { set16(offset, v)(h) } }
	end32 := func(offset int, change int) func([]byte) {
		return func(h []byte) { set32(offset, uint32(int(le.Uint32(h[offset:]))+change))(h) }
	}
	unchanged := func(record, locator []byte) {}

	laid("plain", false, layout{})
	add("no entries", false, lay(layout{}))
	add("no entries and a comment", false, lay(layout{comment: "c"}))
	add("no entries and something after", true, lay(layout{after: "more"}))
	add("an end alone that claims a directory", false, lay(layout{end: end32(12, 100)}))
	laid("comment", false, layout{comment: "hello"})
	laid("longest comment", false, layout{comment: strings.Repeat("c", 65535)})
	laid("something after", true, layout{after: "\n"})
	laid("much after", true, layout{after: strings.Repeat("x", 65000)})
	laid("too much after", true, layout{after: strings.Repeat("x", 65700)})
	laid("comment cut off", true, layout{end: end16(20, 9)})
	laid("comment and something after", true, layout{comment: "hello", after: "more"})
	laid("an archive in the comment", true, layout{comment: string(other)})
	laid("an archive behind", true, layout{after: string(other)})
	laid("an end in the comment", true, layout{comment: "PK\x05\x06" + strings.Repeat("\x00", 18)})
	laid("half an end in the comment", false, layout{comment: "PK\x05\x06"})
	laid("an end that fits nothing in the comment", false, layout{comment: "PK\x05\x06" + strings.Repeat("\x01", 18)})
	laid("an end that fits nothing behind", true, layout{after: "PK\x05\x06" + strings.Repeat("\x01", 18)})
	laid("an end that claims before the file behind", true, layout{after: "PK\x05\x06" + strings.Repeat("\x01", 16) + "\x00\x00"})
	laid("an empty end behind", true, layout{after: lookalike(0, 0, 0)})

	laid("count 0", true, layout{end: end16(10, 0)})
	laid("count 1", true, layout{end: end16(10, 1)})
	laid("JDKs differ: count 3", true, layout{end: end16(10, 3)})
	laid("JDKs differ: count 65534", true, layout{end: end16(10, 65534)})
	laid("JDKs differ: count 65535", true, layout{end: end16(10, 65535)})
	laid("another count on this disk", false, layout{end: end16(8, 7)})
	laid("other disks", false, layout{end: end16(4, 7)})
	laid("directory a byte shorter", true, layout{end: end32(12, -1)})
	laid("directory a byte longer", true, layout{end: end32(12, 1)})
	laid("directory without its first record", true, layout{end: func(h []byte) {
		end16(10, 1)(h)
		end32(12, -(recordLength + len(a.name)))(h)
		end32(16, recordLength+len(a.name))(h)
	}})
	laid("directory longer than the file", true, layout{end: end32(12, 1<<20)})
	laid("directory at an earlier offset", true, layout{end: end32(16, -3)})
	laid("directory at a later offset", true, layout{end: end32(16, 3)})
	laid("something between directory and end", true, layout{beforeEnd: "12345"})
	laid("a byte in the directory", true, layout{addToDirectory: "x"})
	laid("zeros in the directory", true, layout{addToDirectory: strings.Repeat("\x00", 60), end: end32(12, 60)})
	laid("shell script before", true, layout{prefix: "#!/bin/sh\nexec java -jar $0\n"})
	add("something before, and offsets that count it", true, lay(layout{}, gap(a, "#!/bin/sh\n"), b))
	add("something between entries", false, lay(layout{}, a, gap(b, "nothing")))
	laid("an archive before", true, layout{prefix: string(other)})

	laid("zip64", false, layout{zip64: unchanged})
	laid("zip64 besides a full end", false, layout{zip64: unchanged, plain: true})
	laid("zip64 with a prefix", true, layout{zip64: unchanged, prefix: "before"})
	laid("zip64 of another count", true, layout{zip64: func(r, l []byte) { r[32] = 1 }})
	laid("zip64 that contradicts the count", false, layout{zip64: func(r, l []byte) { r[32] = 1 }, plain: true})
	laid("zip64 that contradicts the size", true, layout{zip64: func(r, l []byte) { r[40] = 1 }, plain: true})
	laid("zip64 without its record", true, layout{zip64: func(r, l []byte) { r[0] = 'X' }})
	laid("zip64 without its locator", true, layout{zip64: func(r, l []byte) { l[0] = 'X' }})
	laid("zip64 without its locator besides a full end", true, layout{zip64: func(r, l []byte) { l[0] = 'X' }, plain: true})
	laid("zip64 with a locator beyond the file", true, layout{zip64: func(r, l []byte) { l[14] = 1 }})
	laid("zip64 with a locator before the file", true, layout{zip64: func(r, l []byte) { l[15] = 0x80 }})
	laid("zip64 with a negative size", true, layout{zip64: func(r, l []byte) { r[47] = 0x80 }})
	laid("JDKs differ: zip64 with a negative count", true, layout{zip64: func(r, l []byte) { r[39] = 0x80 }})
	laid("zip64 with a count of 2^31", true, layout{zip64: func(r, l []byte) { r[35] = 0x80 }})
}

// lookalike is an end record.
func lookalike(count, size, offset int) string {
	return string(layout{}.tail(count, size, offset))
}

func gap(p part, before string) part { p.gap = before; return p }

// locals are about the header at the entry itself, and its bytes.
func locals(with change, add adder, a, b part) {
	local := func(f func([]byte) []byte) func(*part) { return func(p *part) { p.local = f } }
	central := func(f func([]byte) []byte) func(*part) { return func(p *part) { p.central = f } }
	with("local name", true, local(setText(30, "c.txt")), "c.txt")
	with("local name longer", true, local(func(h []byte) []byte { return append(set16(26, 7)(h), "xx"...) }))
	with("local name shorter", true, local(func(h []byte) []byte { return set16(26, 3)(h)[:33] }))
	with("local name of another length than there is", true, local(set16(26, 7)))
	with("local extra", false, local(func(h []byte) []byte { return append(set16(28, 4)(h), "\xfe\xca\x00\x00"...) }))
	with("local extra past the file", true, local(set16(28, 65535)))
	with("local method", true, local(set16(8, deflated)))
	with("local method unknown", true, local(set16(8, 99)))
	with("local flag of encryption", true, local(set16(6, flagEncrypted)))
	with("local checksum", true, local(set32(14, 1)))
	with("local sizes", true, local(set32(18, 1)))
	with("local sizes of 0 without a descriptor", true, local(setText(14, strings.Repeat("\x00", 12))))
	with("local sizes in a zip64 field", false, local(func(h []byte) []byte {
		setText(18, "\xff\xff\xff\xff\xff\xff\xff\xff")(h)
		return append(set16(28, 20)(h), "\x01\x00\x10\x00\x05\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00"...)
	}))
	with("local signature", true, local(setText(0, "PK\x00\x00")))
	with("local version", false, local(set16(4, 99)))
	with("descriptor", false, func(p *part) { p.descriptor = true })
	with("descriptor that is none", false, func(p *part) { p.descriptor, p.local = true, setText(14, "\x01\x02\x03\x04") })
	with("descriptor flag only in the directory", false, central(set16(8, flagDescriptor)))
	add("descriptor, deflated", false, lay(layout{}, a, part{name: b.name, content: b.content, deflate: true, descriptor: true}))

	add("a class whose own header is not there", true, lay(layout{}, a, part{name: b.name, content: b.content, local: setText(0, "XX")}))
	add("a folder whose own header is not there", true, lay(layout{}, a, part{name: "b/", local: setText(0, "XX")}, b))
	with("offset beyond the file", true, central(set32(42, 1<<30)))
	with("offset of another entry", true, func(p *part) { p.at = localLength + len(a.name) + len(a.content) })
	with("offset into the data", true, func(p *part) { p.at = 3 })
	behind := lay(layout{}, part{name: "a.txt", content: "behind"})[:localLength+5+6]
	first := lay(layout{}, a, b)
	add("an entry in the comment", true, lay(layout{comment: string(behind)}, part{name: a.name, content: "behind", local: func([]byte) []byte { return nil }, data: []byte{}, at: len(first) - localLength - len(a.name) - len(a.content),
		central: set32(20, 6)}, b))

	with("checksum", true, central(set32(16, 1)))
	with("stored, fewer bytes than packed", true, central(set32(20, 4)))
	with("stored, more bytes than packed", true, central(set32(20, 6)))
	with("stored, more bytes than the file", true, central(set32(20, 1<<20)))
	with("stored, fewer unpacked", true, central(set32(24, 4)))
	with("stored, more unpacked", true, central(set32(24, 6)))
	with("stored, said to be deflated", true, central(set16(10, deflated)))
	deflated := func(name string, defective bool, f func([]byte) []byte) {
		add(name, defective, lay(layout{}, a, part{name: b.name, content: b.content, deflate: true, central: f}))
	}
	packed := uint32(len(deflated6([]byte(b.content))))
	deflated("deflated, fewer bytes than packed", true, set32(20, packed-3))
	deflated("deflated, more bytes than packed", true, set32(20, packed+30))
	deflated("deflated, more bytes than the file", true, set32(20, 1<<20))
	deflated("deflated, fewer unpacked", true, set32(24, 20))
	deflated("deflated, more unpacked", true, set32(24, 2000))
	deflated("deflated, 4 GB unpacked", true, set32(24, 0xfffffff0))
	deflated("deflated, said to be stored", true, set16(10, stored))
	add("deflated badly", true, lay(layout{}, a, part{name: b.name, content: b.content, deflate: true, data: []byte("\x07garbage")}))
	add("deflated, and more behind", true, lay(layout{}, a, part{name: b.name, content: b.content, deflate: true, data: append(deflated6([]byte(b.content)), "more"...), central: set32(16, 5)}))
	add("deflated, and more behind it that nobody reads", false, lay(layout{}, a, part{name: b.name, content: b.content, deflate: true, data: append(deflated6([]byte(b.content)), "more"...)}))
}

// records are about the directory's records.
func records(with change, add adder, a, b part) {
	central := func(f func([]byte) []byte) func(*part) { return func(p *part) { p.central = f } }
	with("encrypted", true, central(set16(8, flagEncrypted)))
	for _, method := range []uint16{1, 9, 12, 93} {
		with("method", true, central(set16(10, method)))
	}
	with("record's signature", true, central(setText(0, "PK\x00\x00")))
	for _, name := range []string{"\xff.txt", "\xed\xa0\x80\xed\xb0\x80", "\xc0\x80.txt", "a\x80"} {
		with("name that is no UTF-8", true, func(p *part) { p.name = name })
		with("name that is no UTF-8, said to be", true, func(p *part) { p.name, p.central = name, set16(8, 1<<11) })
		with("JDKs differ: comment that is no UTF-8", true, func(p *part) { p.comment = name })
	}
	with("comment", false, func(p *part) { p.comment = "\u00e9" })
	for _, name := range []string{"\u00e9.txt", "e\u0301.txt", "\U0001f600"} {
		with("name beyond ASCII", false, func(p *part) { p.name = name }, name)
	}
	for _, name := range []string{"", "a\x00b", "../x", "/x", `x\y`, "C:/x"} {
		with("strange name", true, func(p *part) { p.name = name }, name)
	}
	with("JDKs differ: longest name", false, func(p *part) { p.name = strings.Repeat("n", 65535) }, strings.Repeat("n", 65535))
	second := part{name: a.name, content: "second"}
	add("two of a name", true, lay(layout{}, a, second, b))
	add("three of a name", true, lay(layout{}, a, second, b, part{name: a.name, content: "third"}))
	add("two of a class", true, lay(layout{}, b, part{name: b.name, content: class + "other"}))
	add("a file and a folder of a name", false, lay(layout{}, a, part{name: a.name + "/"}, b))
	add("a folder and a file of a name", false, lay(layout{}, part{name: a.name + "/"}, a, b))
	add("two of a folder", false, lay(layout{}, part{name: "b/"}, part{name: "b/"}, a, b))
	add("two at one place", true, lay(layout{}, a, b, part{name: a.name, content: "first", local: func([]byte) []byte { return nil }, data: []byte{}, at: 1}))

	zip64 := func(size int, values ...uint64) string {
		field := binary.LittleEndian.AppendUint16([]byte("\x01\x00"), uint16(size))
		for _, v := range values {
			field = binary.LittleEndian.AppendUint64(field, v)
		}
		return string(field[:4+size])
	}
	extra := func(name string, defective bool, extra string, changes ...func([]byte) []byte) {
		with(name, defective, func(p *part) {
			p.extra = extra
			p.central = func(h []byte) []byte {
				for _, c := range changes {
					h = c(h)
				}
				return h
			}
		})
	}
	full := func(offset int) func([]byte) []byte { return set32(offset, 0xffffffff) }
	extra("extra", false, "\xfe\xca\x00\x00")
	extra("extra cut off", true, "\xfe\xca\x05\x00abc")
	extra("extra of three bytes", false, "abc")
	extra("extra and three bytes", false, "\xfe\xca\x02\x00ababc")
	extra("zip64 sizes", false, zip64(16, 5, 5), full(20), full(24))
	extra("zip64 unpacked", false, zip64(8, 5), full(24))
	extra("zip64 packed", false, zip64(8, 5), full(20))
	extra("zip64 offset", false, zip64(8, 0), full(42))
	extra("zip64 sizes and offset", false, zip64(24, 5, 5, 0), full(20), full(24), full(42))
	extra("JDKs differ: zip64 that nobody asked for", false, zip64(16, 7, 7))
	extra("zip64 of no length", false, zip64(0))
	extra("zip64 of no length that is asked for", true, zip64(0), full(20))
	extra("zip64 of twelve bytes", true, zip64(12, 5, 5), full(24))
	extra("zip64 of four bytes", true, zip64(4, 5))
	extra("JDKs differ: zip64 too short", true, zip64(8, 5), full(20), full(24))
	extra("zip64 twice", false, zip64(16, 5, 5)+zip64(16, 4, 4), full(20), full(24))
	extra("zip64 with a negative size", true, zip64(16, 1<<63, 5), full(20), full(24))
	extra("zip64 with a negative packed size", true, zip64(16, 5, 1<<63), full(20), full(24))
	extra("zip64 with 2^62 bytes", true, zip64(16, 1<<62, 1<<62), full(20), full(24))
	extra("full sizes without zip64", true, "\xfe\xca\x00\x00", full(20), full(24))
}

// manifests are about which manifest counts, and what makes a multi-release jar.
func manifests(add adder, a part) {
	versioned := part{name: "META-INF/versions/9/a.txt", content: "for Java 9"}
	text := func(name, main string) part { return part{name: name, content: "Manifest-Version: 1.0\r\n" + main} }
	for _, main := range []string{
		"Multi-Release: true\r\n", "Multi-Release: true", "Multi-Release: TRUE\n", "multi-release: True\r", "Multi-Release: true \r\n",
		"Multi-Release:  true\r\n", "Multi-Release: false\r\n", "Multi-Release: true\r\nMulti-Release: false\r\n", "Multi-Release: tr\r\n ue\r\n",
		"Multi-Release: true\r\n x\r\n", "X: y\r\n Multi-Release: true\r\n", "\r\nName: a.txt\r\nMulti-Release: true\r\n", "Multi-Releases: true\r\n",
	} {
		add("manifest "+main, false, lay(layout{}, text(manifestName, main), a, versioned), versioned.name)
	}
	releases := []part{text(manifestName, "Multi-Release: true\r\n"), a}
	for _, release := range []string{"8", "9", "11", "17", "99", "0", "-1", "010", "x"} {
		releases = append(releases, part{name: "META-INF/versions/" + release + "/a.txt", content: "for " + release})
		add("multi-release up to "+release, false, lay(layout{}, releases...))
	}
	add("multi-release in small letters", false, lay(layout{}, releases[0], a, part{name: "meta-inf/versions/9/a.txt", content: "for 9"}))
	add("multi-release of a name only there", false, lay(layout{}, releases[0], part{name: "META-INF/versions/11/n.txt", content: "new"}), "n.txt")
	add("multi-release of what is in META-INF", false, lay(layout{}, releases[0], a, part{name: "META-INF/versions/9/META-INF/a.txt", content: "for 9"}), "META-INF/a.txt")
	yes, no := "Multi-Release: true\r\n", "Multi-Release: false\r\n"
	add("manifest in small letters", false, lay(layout{}, text("meta-inf/manifest.mf", yes), a))
	add("manifest in small letters behind", false, lay(layout{}, text(manifestName, no), text("META-INF/manifest.mf", yes), a))
	add("manifest in small letters before", false, lay(layout{}, text("META-INF/manifest.mf", yes), text(manifestName, no), a))
	add("two manifests", true, lay(layout{}, text(manifestName, yes), text(manifestName, no), a))
	add("manifest with a wrong checksum", true, lay(layout{}, part{name: manifestName, content: yes, central: set32(16, 1)}, a))
	add("manifest in a folder", false, lay(layout{}, text("x/"+manifestName, yes), a))
}
