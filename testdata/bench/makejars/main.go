// Makejars writes a set of jars for measurements, the same bytes every time:
//
//	go run makejars/main.go DIR COUNT BYTES [JAR]
//
// DIR gets COUNT jars of BYTES bytes in all, from small to twenty times as large, and beside
// DIR, as DIR.changed.jar, one of average size to put in the place of another. They are full of
// valid class files, deflated as a jar tool would, so that they compress no further. What is in
// JAR goes into the first as well, so that it is the driver that a config.json names.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A class is a class file, deflated.
type class struct {
	data  []byte
	size  int
	check uint32
}

var words = []string{
	"Abstract", "Array", "Buffer", "Channel", "Column", "Connection", "Context", "Data", "Driver", "Event",
	"Factory", "Field", "Handler", "Input", "Iterator", "Listener", "Locale", "Manager", "Meta", "Number",
	"Object", "Output", "Parser", "Pool", "Protocol", "Query", "Reader", "Result", "Row", "Schema",
	"Session", "Set", "Socket", "Statement", "Stream", "String", "Table", "Type", "Value", "Writer",
}

func name(r *rand.Rand) string {
	s := ""
	for range 2 + r.IntN(3) {
		s += words[r.IntN(len(words))]
	}
	return s
}

// newClass is a class file that a JVM accepts: names in its constant pool, and the rest as an
// attribute that nobody knows.
func newClass(r *rand.Rand) (class, error) {
	var pool bytes.Buffer
	count := uint16(1)
	utf8 := func(s string) uint16 {
		pool.WriteByte(1)
		binary.Write(&pool, binary.BigEndian, uint16(len(s)))
		pool.WriteString(s)
		count++
		return count - 1
	}
	ref := func(s string) uint16 {
		index := utf8(s)
		pool.WriteByte(7)
		binary.Write(&pool, binary.BigEndian, index)
		count++
		return count - 1
	}
	this, super, attribute := ref("gen/"+name(r)), ref("java/lang/Object"), utf8("Payload")
	for range 20 + r.IntN(120) {
		utf8("(Lgen/" + name(r) + ";)V")
	}
	code := make([]byte, 200+r.IntN(2400))
	for i := range code {
		code[i] = byte(r.IntN(256)) >> r.IntN(4)
	}

	var file bytes.Buffer
	binary.Write(&file, binary.BigEndian, []uint16{0xCAFE, 0xBABE, 0, 52, count})
	file.Write(pool.Bytes())
	binary.Write(&file, binary.BigEndian, []uint16{0x21, this, super, 0, 0, 0, 1, attribute})
	binary.Write(&file, binary.BigEndian, uint32(len(code)))
	file.Write(code)

	var deflated bytes.Buffer
	w, err := flate.NewWriter(&deflated, flate.DefaultCompression)
	if err != nil {
		return class{}, err
	}
	w.Write(file.Bytes())
	if err := w.Close(); err != nil {
		return class{}, err
	}
	return class{deflated.Bytes(), file.Len(), crc32.ChecksumIEEE(file.Bytes())}, nil
}

// writeJar writes files of another jar, and then classes in random order until the jar has about
// the given size.
func writeJar(path string, number, size int, others []*zip.File, classes []class, r *rand.Rand) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	w := zip.NewWriter(f)
	manifest, err := w.Create("META-INF/MANIFEST.MF")
	if err != nil {
		return err
	}
	fmt.Fprintf(manifest, "Manifest-Version: 1.0\r\n\r\n")
	for _, f := range others {
		if f.Name == "META-INF/MANIFEST.MF" {
			continue
		}
		if err := w.Copy(f); err != nil {
			return err
		}
	}
	for i, written := 0, 300; written < size; i++ {
		c := classes[r.IntN(len(classes))]
		h := &zip.FileHeader{
			Name:               fmt.Sprintf("gen/jar%d/Class%d.class", number, i),
			Method:             zip.Deflate,
			CRC32:              c.check,
			CompressedSize64:   uint64(len(c.data)),
			UncompressedSize64: uint64(c.size),
		}
		raw, err := w.CreateRaw(h)
		if err != nil {
			return err
		}
		if _, err := raw.Write(c.data); err != nil {
			return err
		}
		written += len(c.data) + 76 + 2*len(h.Name)
	}
	return w.Close()
}

func run(dir string, count, total int, driver string) error {
	r := rand.New(rand.NewPCG(1, 2))
	// Far more than gzip's window of 32 KiB, so that it finds no repetition.
	classes := make([]class, 2000)
	for i := range classes {
		var err error
		if classes[i], err = newClass(r); err != nil {
			return err
		}
	}
	shares, sum := make([]float64, count), 0.0
	for i := range shares {
		shares[i] = math.Exp(3 * float64(i) / float64(count))
		sum += shares[i]
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var first []*zip.File
	if driver != "" {
		jar, err := zip.OpenReader(driver)
		if err != nil {
			return err
		}
		defer jar.Close()
		first = jar.File
	}
	for i, share := range shares {
		path := filepath.Join(dir, fmt.Sprintf("library-%03d-1.0.jar", i))
		if err := writeJar(path, i, int(share/sum*float64(total)), first, classes, r); err != nil {
			return err
		}
		first = nil
	}
	return writeJar(dir+".changed.jar", count, total/count, nil, classes, r)
}

func main() {
	if len(os.Args) < 4 || len(os.Args) > 5 {
		fmt.Fprintln(os.Stderr, "usage: makejars DIR COUNT BYTES [JAR]")
		os.Exit(2)
	}
	count, err := strconv.Atoi(os.Args[2])
	if err == nil {
		var total int
		if total, err = strconv.Atoi(os.Args[3]); err == nil {
			err = run(os.Args[1], count, total, strings.Join(os.Args[4:], ""))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "makejars:", err)
		os.Exit(1)
	}
}
