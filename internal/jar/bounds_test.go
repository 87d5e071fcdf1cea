package jar

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// kernel has one entry's bytes, and a directory of count entries that all lead
// there, under the names that name gives.
func kernel(count int, unpacked []byte, name func(i int) string) []byte {
	data := deflated6(unpacked)
	out := lay(layout{}, part{name: "x", content: string(unpacked), deflate: true})[:localLength+1+len(data)]
	start, crc := len(out), crc32.ChecksumIEEE(unpacked)
	for i := range count {
		n := name(i)
		h := append([]byte(signatureCentral), 10, 0, 10, 0, 0, 0, deflated, 0, 0, 0, 0, 0)
		h = le.AppendUint32(le.AppendUint32(le.AppendUint32(h, crc), uint32(len(data))), uint32(len(unpacked)))
		h = append(le.AppendUint16(h, uint16(len(n))), make([]byte, 16)...)
		out = append(append(out, h...), n...)
	}
	return append(out, layout{zip64: func(r, l []byte) {}}.tail(count, len(out)-start, start)...)
}

// miscounted has 600,000 entries, and a record that cannot count them.
func miscounted() []byte {
	b := kernel(600_000, nil, func(int) string { return "a" })
	end := b[len(b)-endLength:]
	b = append(b[:len(b)-endLength-locatorLength-end64Length], end...)
	end = b[len(b)-endLength:]
	size := 600_000 * (recordLength + 1)
	le.PutUint16(end[10:], 600_000%65536)
	le.PutUint32(end[12:], uint32(size))
	le.PutUint32(end[16:], uint32(len(b)-endLength-size))
	return b
}

// manyMajors has a class of each of 20,000 versions.
func manyMajors() []byte {
	var parts []part
	for major := range 20_000 {
		parts = append(parts, part{name: fmt.Sprint(major, ".class"), content: "\xca\xfe\xba\xbe\x00\x00" + string(binary.BigEndian.AppendUint16(nil, uint16(major)))})
	}
	return lay(layout{}, parts...)
}

// hostile is an archive that is made when it is needed, since it is large.
type hostile struct {
	code Code // that must be found
	make func() []byte
}

// hostileArchives are made to keep a reader busy or to fill its memory.
func hostileArchives() map[string]hostile {
	numbered := func(format string) func(int) string { return func(i int) string { return fmt.Sprintf(format, i) } }
	same := func(name string) func(int) string { return func(int) string { return name } }
	classes := []byte(class + strings.Repeat("\x00", 10<<20))
	lines := []byte(strings.Repeat("a\n", 32<<10))
	long := []byte("groupId=" + strings.Repeat("g", 32<<10) + "\nversion=" + strings.Repeat("v", 31<<10))
	key := []byte(strings.Repeat("AKIAEXAMPLEEXAMPLE22 ", 40<<10))
	count := func(b []byte, at int, v uint64) []byte { // in the zip64 record
		binary.LittleEndian.PutUint64(b[bytes.LastIndex(b, []byte(signatureEnd64))+at:], v)
		return b
	}
	return map[string]hostile{
		"count of 2^31":                    {TooLarge, func() []byte { return count(kernel(3, nil, same("a")), 32, 1<<31) }},
		"directory of 2^62 bytes":          {TooLarge, func() []byte { return count(kernel(3, nil, same("a")), 40, 1<<62) }},
		"directory at 2^62":                {Broken, func() []byte { return count(kernel(3, nil, same("a")), 48, 1<<62) }},
		"600,000 entries":                  {TooLarge, func() []byte { return kernel(600_000, nil, same("a")) }},
		"600,000 entries, counted modulo":  {TooLarge, miscounted},
		"500,000 empty names":              {Overlap, func() []byte { return kernel(500_000, nil, same("")) }},
		"60,000 classes on one kernel":     {Overlap, func() []byte { return kernel(60_000, classes, numbered("p%d/a.class")) }},
		"60,000 times one class":           {Overlap, func() []byte { return kernel(60_000, classes, same("p/a.class")) }},
		"60,000 services on one kernel":    {Bomb, func() []byte { return kernel(60_000, lines, numbered("META-INF/services/s%d")) }},
		"60,000 times one service":         {Overlap, func() []byte { return kernel(60_000, lines, same("META-INF/services/s")) }},
		"60,000 manifests on one kernel":   {Overlap, func() []byte { return kernel(60_000, make([]byte, maxManifest), same(manifestName)) }},
		"60,000 coordinates on one kernel": {Bomb, func() []byte { return kernel(60_000, long, numbered("%d/pom.properties")) }},
		"60,000 texts on one kernel":       {Overlap, func() []byte { return kernel(60_000, key, numbered("%d.xml")) }},
		"60,000 jars":                      {Overlap, func() []byte { return kernel(60_000, nil, numbered("lib/%d.jar")) }},
		"60,000 signatures":                {Overlap, func() []byte { return kernel(60_000, make([]byte, maxManifest), numbered("META-INF/%d.SF")) }},
		"20,000 versions of class files":   {"", manyMajors},
		"manifest of 32 MiB of zeros":      {EntryTooLong, func() []byte { return kernel(1, make([]byte, 32<<20), same(manifestName)) }},
		"manifest of one line":             {"", func() []byte { return kernel(1, bytes.Repeat([]byte("x"), maxManifest), same(manifestName)) }},
		"manifest of short lines":          {"", func() []byte { return kernel(1, bytes.Repeat([]byte("a:\n"), maxManifest/3), same(manifestName)) }},
		"manifest of a value in many lines": {"", func() []byte {
			return kernel(1, append([]byte("Class-Path: x\n"), bytes.Repeat([]byte(" y\n"), maxManifest/3-9)...), same(manifestName))
		}},
		"manifest with a title again, again": {"", func() []byte {
			return kernel(1, bytes.Repeat([]byte("Implementation-Title: xxxxxxxx\n"), maxManifest/31), same(manifestName))
		}},
		"entry of 2^62 bytes": {Bomb, func() []byte {
			return lay(layout{}, part{name: "a.class", content: class, extra: "\x01\x00\x10\x00\x00\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00\x40", central: setText(20, "\xff\xff\xff\xff\xff\xff\xff\xff")})
		}},
		"names of 65,535 bytes":    {Overlap, func() []byte { return kernel(900, nil, same(strings.Repeat("n", 65535))) }},
		"names that lead out":      {NamePath, func() []byte { return kernel(900, nil, same(strings.Repeat("../", 21000))) }},
		"ends without a directory": {Broken, func() []byte { return bytes.Repeat([]byte(signatureEnd+strings.Repeat("\xff", 16)), 6000) }},
		"classes that the peek does not know": {BadClass, func() []byte {
			return lay(layout{}, slices.Repeat([]part{{name: "a.class", data: append(bytes.Repeat([]byte("\x00\x00\x00\xff\xff"), 200), 1), deflate: true}}, 5000)...)
		}},
	}
}

// raced tells whether the race detector is on.
var raced bool

// TestBounds asserts that what is allocated is bounded by the file's size.
func TestBounds(t *testing.T) {
	if raced {
		t.Skip("the race detector makes sync.Pool forget")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // each processor has buffers of its own
	long := kernel(1, make([]byte, maxManifest+1), func(int) string { return manifestName })
	for name, tt := range hostileArchives() {
		t.Run(name, func(t *testing.T) {
			b := tt.make()
			runtime.GC()
			// Buffers that are used again do not count.
			defer debug.SetGCPercent(debug.SetGCPercent(-1))
			if warm := read(long); !slices.Contains(codes(warm), EntryTooLong) {
				t.Fatalf("defects %v", warm.Defects)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			a := read(b)
			runtime.ReadMemStats(&after)
			allocated, most := after.TotalAlloc-before.TotalAlloc, uint64(2*len(b)+1<<20)
			if allocated > most {
				t.Errorf("%d bytes allocated for a file of %d", allocated, len(b))
			}
			if tt.code != "" && !slices.Contains(codes(a), tt.code) {
				t.Errorf("defects %v", codes(a))
			}
		})
	}
}

// The class that a name leads to is found at once, among however many.
func TestLinear(t *testing.T) {
	counted := &countingReader{Reader: bytes.NewReader(kernel(60_000, []byte(class), func(int) string { return "a.class" }))}
	a := Read(counted, counted.Size())
	before := counted.reads
	if _, defect := a.Open("a.class", 100); defect != nil {
		t.Error(defect)
	}
	if n := counted.reads - before; n > 5 {
		t.Errorf("%d reads", n)
	}
	if n := int64(before); n > 100+counted.Size()/pieceSize {
		t.Errorf("%d reads of %d bytes", n, counted.Size())
	}
	if n := len(a.BrokenSignatures()); n != 0 {
		t.Errorf("%d signatures", n)
	}
}

type countingReader struct {
	*bytes.Reader
	reads int
}

func (r *countingReader) ReadAt(b []byte, offset int64) (int, error) {
	r.reads++
	return r.Reader.ReadAt(b, offset)
}
