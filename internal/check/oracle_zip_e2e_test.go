//go:build e2e

package check

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
)

func entryBytes(t *testing.T, archive []byte, name string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := r.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func hasEntry(t *testing.T, archive []byte, name string) bool {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(r.File, func(f *zip.File) bool { return f.Name == name })
}

// rewrite copies an archive, without signatures, but for one entry.
func rewrite(t *testing.T, archive []byte, name string, edits ...edit) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		if f.Name != name {
			signature := strings.HasSuffix(f.Name, ".SF") || strings.HasSuffix(f.Name, ".RSA")
			if signature || strings.HasSuffix(f.Name, "/") {
				continue
			}
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		header, b := &zip.FileHeader{Name: name, Method: zip.Deflate}, entryBytes(t, archive, name)
		for _, e := range edits {
			b = e(header, b)
		}
		if b == nil {
			continue
		}
		if header.Method == zip.Store { // no data descriptor: lengths and checksum are where they are changed
			header.CRC32, header.CompressedSize64, header.UncompressedSize64 = crc32.ChecksumIEEE(b), uint64(len(b)), uint64(len(b))
			if raw, err := w.CreateRaw(header); err != nil {
				t.Fatal(err)
			} else if _, err := raw.Write(b); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if to, err := w.CreateHeader(header); err != nil {
			t.Fatal(err)
		} else if _, err := to.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// textConstant is a text in the constant pool.
func textConstant(s string) []byte { return append([]byte{1, byte(len(s) >> 8), byte(len(s))}, s...) }

func withMajor(class []byte, major uint16) []byte {
	b := bytes.Clone(class)
	binary.BigEndian.PutUint16(b[6:], major)
	return b
}

// hide takes the public flag from a class.
func hide(t *testing.T, class []byte) edit {
	at := flagsAt(t, class)
	return func(_ *zip.FileHeader, b []byte) []byte {
		b = bytes.Clone(b)
		b[at+1] &^= 1
		return b
	}
}

// central finds the directory's record of an entry.
func central(t *testing.T, archive []byte, name string) int {
	t.Helper()
	at := bytes.LastIndex(archive, []byte(name)) - 46
	if at < 0 || string(archive[at:at+4]) != "PK\x01\x02" {
		t.Fatalf("no record of %s", name)
	}
	return at
}

func withField(t *testing.T, archive []byte, name string, offset int, value uint32) []byte {
	b := bytes.Clone(archive)
	binary.LittleEndian.PutUint32(b[central(t, archive, name)+offset:], value)
	return b
}

func withFlag(t *testing.T, archive []byte, name string, offset int, value uint16) []byte {
	b := bytes.Clone(archive)
	binary.LittleEndian.PutUint16(b[central(t, archive, name)+offset:], value)
	return b
}

// flagsAt finds the access flags: they follow the constant pool (JVM
// specification, 4.1 and 4.4), which is walked here with a few lines of its
// own, not with the reader that is under test.
func flagsAt(t *testing.T, class []byte) int {
	t.Helper()
	at, _ := walk(class)
	return at
}

// walk gives the place behind the constant pool, and the class names in it by
// index.
func walk(class []byte) (int, map[int]string) {
	u2 := func(i int) int { return int(binary.BigEndian.Uint16(class[i:])) }
	texts, classes := map[int]string{}, map[int]int{}
	at := 10
	for i := 1; i < u2(8); i++ {
		switch tag := class[at]; tag {
		case 1:
			texts[i] = string(class[at+3 : at+3+u2(at+1)])
			at += 3 + u2(at+1)
		case 7:
			classes[i] = u2(at + 1)
			at += 3
		case 8, 16, 19, 20:
			at += 3
		case 15:
			at += 4
		case 5, 6:
			at += 9
			i++
		default:
			at += 5
		}
	}
	names := map[int]string{}
	for i, text := range classes {
		names[i] = strings.ReplaceAll(texts[text], "/", ".")
	}
	return at, names
}

// parents names the superclass and the interfaces of a class.
func parents(t *testing.T, class []byte) []string {
	t.Helper()
	at, names := walk(class)
	u2 := func(i int) int { return int(binary.BigEndian.Uint16(class[i:])) }
	list := []string{names[u2(at+4)]}
	for i := range u2(at + 6) {
		list = append(list, names[u2(at+8+2*i)])
	}
	return list
}
