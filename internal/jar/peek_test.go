package jar

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"testing"
)

// deflate packs content at a level of compress/flate.
func deflate(t testing.TB, content []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// deflated6 packs at the usual level.
func deflated6(content []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.DefaultCompression)
	w.Write(content) // into memory: it cannot fail
	w.Close()
	return b.Bytes()
}

// TestPeek packs what a class may look like in all ways that compress/flate
// has: the peek is to need no second look at any of them.
func TestPeek(t *testing.T) {
	var p peeker
	r := rand.New(rand.NewPCG(1, 2))
	for size := 8; size < 5000; size += 1 + size/7 {
		content := make([]byte, size)
		for i := range content {
			content[i] = byte(r.IntN(256)) >> r.IntN(5)
		}
		copy(content, "\xca\xfe\xba\xbe\x00\x00\x00\x3d")
		if size%3 == 0 {
			copy(content, "\x00\x00\x00\x00\x00\x00\x00\x00") // repetitions
		}
		for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
			packed := deflate(t, content, level)
			var got [8]byte
			if ok := p.peek(packed[:min(len(packed), peekSize)], got[:]); !ok || !bytes.Equal(got[:], content[:8]) {
				t.Errorf("%d bytes at level %d: %x, %v", size, level, got, ok)
			}
		}
	}
}

// TestPeekGivesUp has streams that end, are cut, or break off before the eighth
// byte.
func TestPeekGivesUp(t *testing.T) {
	var p peeker
	var got [8]byte
	for _, content := range []string{"", "\xca\xfe\xba\xbe\x00\x00\x00", "1234567"} {
		for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
			if p.peek(deflate(t, []byte(content), level), got[:]) {
				t.Errorf("%q at level %d: %x", content, level, got)
			}
		}
	}
	packed := packedClass(t)
	for n := range peekSize {
		switch ok := p.peek(packed[:n], got[:]); {
		case ok && string(got[:]) != class[:8]:
			t.Errorf("%d bytes: %x", n, got)
		case ok && n < 20:
			t.Errorf("%d bytes are enough", n)
		}
	}
}

// What the peek decodes is what compress/flate does, from whatever bytes.
func FuzzPeek(f *testing.F) {
	for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
		f.Add(deflate(f, []byte(class+class+"abcabcabcabcabc"), level))
		f.Add(deflate(f, []byte("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaabababababab"), level))
	}
	f.Add([]byte("\x00\x00\x00\xff\xff\x00\x03\x00\xfc\xffabc\x01\x05\x00\xfa\xff12345"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p peeker
		var got, want [8]byte
		if !p.peek(b, got[:]) {
			return
		}
		// Near its end compress/flate asks for more than it needs.
		longer := append(bytes.Clone(b), 0, 0)
		if n, err := io.ReadFull(flate.NewReader(bytes.NewReader(longer)), want[:]); err != nil || got != want {
			t.Fatalf("%x, and compress/flate has %x, %v", got, want[:n], err)
		}
	})
}

// BenchmarkPeek is set against BenchmarkFlate: the same first eight bytes.
func BenchmarkPeek(b *testing.B) {
	packed := packedClass(b)
	var p peeker
	var head [8]byte
	for b.Loop() {
		if !p.peek(packed[:peekSize], head[:]) {
			b.Fatal("gave up")
		}
	}
}

func BenchmarkFlate(b *testing.B) {
	packed := packedClass(b)
	z := flate.NewReader(nil).(inflater)
	var head [8]byte
	for b.Loop() {
		if z.Reset(bytes.NewReader(packed), nil); head[0] == 1 {
			b.Fatal("no class")
		}
		if _, err := io.ReadFull(z, head[:]); err != nil {
			b.Fatal(err)
		}
	}
}

// packedClass is as long as the mean of real classes, and as dense.
func packedClass(t testing.TB) []byte {
	r := rand.New(rand.NewPCG(3, 4))
	content := []byte(class)
	for len(content) < 5000 {
		content = append(content, words[r.IntN(len(words))]...)
		content = append(content, byte(r.IntN(64)), byte(r.IntN(256)), byte(r.IntN(4)))
	}
	return deflate(t, content, flate.DefaultCompression)
}

var words = []string{"java/lang/Object", "()V", "Code", "LineNumberTable", "com/example/", "Driver", "Connection", "<init>", "(Ljava/lang/String;)Z"}
