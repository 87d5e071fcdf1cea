package image

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"glue-connector/internal/connector"
)

// text is n bytes that compress about as classes do.
func text(seed uint64, n int) []byte {
	var b bytes.Buffer
	for _, c := range noise(seed, n) {
		fmt.Fprintf(&b, "%x", c&0x77)
	}
	return b.Bytes()[:n]
}

// packed is a jar of entries, by name, that are compressed or only stored.
func packed(t testing.TB, method uint16, entries map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range entries {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		f.Write(content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(name string, content []byte) *connector.Jar {
	return connector.NewJar(name, name, int64(len(content)), bytes.NewReader(content))
}

func TestWhatIsPacked(t *testing.T) {
	large, small := text(1, 2<<20), text(2, minLoose/2)
	for name, tt := range map[string]struct {
		jar  []byte
		want bool
	}{
		"stored":       {packed(t, zip.Store, map[string][]byte{"a.class": large}), true},
		"deflated":     {packed(t, zip.Deflate, map[string][]byte{"a.class": large}), false},
		"small":        {packed(t, zip.Store, map[string][]byte{"a.class": small}), false},
		"nested":       {packed(t, zip.Store, map[string][]byte{"lib/a.jar": large}), false},
		"a minor part": {append(packed(t, zip.Store, map[string][]byte{"b.zip": noise(3, 3<<20)}), packed(t, zip.Store, map[string][]byte{"a.class": large})...), false},
		"no archive":   {large, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := cut(sample(read("a.jar", tt.jar)))[0].pack; got != tt.want {
				t.Errorf("packed: %t", got)
			}
		})
	}
}

func TestPackedLayer(t *testing.T) {
	content := packed(t, zip.Store, map[string][]byte{"a.class": text(1, 3<<20)})
	img := build(t, sample(read("a.jar", content)))
	m, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	if m.Layers[0].Size > int64(len(content))*2/3 {
		t.Errorf("%d bytes became %d", len(content), m.Layers[0].Size)
	}
	cfg, _ := img.ConfigFile()
	layers, _ := img.Layers()
	got := map[string][]byte{}
	unpackLayer(t, layers[0], m.Layers[0], cfg.RootFS.DiffIDs[0], got)
	if !bytes.Equal(got["jars/a.jar"], content) {
		t.Error("another jar comes out")
	}
}

// The digest of a layer that is compressed is pinned, too. If an update of
// github.com/klauspost/compress changes it, so does every release that has such
// a layer: keep the version, or say so in the changelog.
func TestPackedDigestIsPinned(t *testing.T) {
	img := build(t, sample(read("a.jar", packed(t, zip.Store, map[string][]byte{"a.class": text(1, 3<<20)}))))
	m, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	const want = "sha256:54f4da81b2143ec428fcd12261076391949ece7d02392f2e59f91d9811ac932d"
	if got := m.Layers[0].Digest.String(); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

// However the bytes are asked for, they are the same.
func TestPackedReaderIsSteady(t *testing.T) {
	content := text(1, 1<<20)
	want, _, err := v1.SHA256(newPackedReader(bytes.NewReader(content), 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	in := io.MultiReader(bytes.NewReader(content[:7]), bytes.NewReader(content[7:70_000]), bytes.NewReader(content[70_000:]))
	got, _, err := v1.SHA256(slow{newPackedReader(in, 1<<20)})
	if err != nil || got != want {
		t.Errorf("%s, want %s: %v", got, want, err)
	}
}

// slow reads few bytes at a time.
type slow struct{ io.Reader }

func (r slow) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), 13)]) }

func TestShortPackedJarIsAnError(t *testing.T) {
	short := packed(t, zip.Store, map[string][]byte{"a.class": text(1, 2<<20)})
	j := read("a.jar", short)
	j.Size += 10
	if _, err := Build(sample(j), Options{}); err == nil || !strings.Contains(err.Error(), "jars/a.jar") {
		t.Errorf("error %v", err)
	}
}

func TestStop(t *testing.T) {
	h := Hash(sample(read("a.jar", packed(t, zip.Store, map[string][]byte{"a.class": text(1, 2<<20)})), jar("b.jar", noise(1, 1<<20))), nil)
	h.Stop()
	if _, err := h.wait(); err != nil && !errors.Is(err, errStopped) {
		t.Error(err)
	}
	(*Hashed)(nil).Stop()
}

func BenchmarkPackedLayer(b *testing.B) {
	j := read("a.jar", packed(b, zip.Store, map[string][]byte{"a.class": text(1, 16<<20)}))
	c := sample(j)
	b.SetBytes(j.Size)
	b.ReportAllocs()
	for b.Loop() {
		build(b, c)
	}
}
