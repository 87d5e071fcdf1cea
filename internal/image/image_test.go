package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"glue-connector/internal/connector"
)

const configText = `{"version":"1.0.0","publishername":"partner","description":"A driver"}`

func jar(name string, content []byte) *connector.Jar {
	return &connector.Jar{Name: name, Path: name, Size: int64(len(content)), Content: bytes.NewReader(content)}
}

func sample(jars ...*connector.Jar) *connector.Connector {
	connector.SortJars(jars)
	return &connector.Connector{Config: connector.ParseConfig("config.json", []byte(configText)), Jars: jars}
}

func noise(seed uint64, n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	r.Read(b)
	return b
}

var released = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func build(t testing.TB, c *connector.Connector) v1.Image {
	t.Helper()
	img, err := Build(c, Options{Created: released})
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// The digest is pinned: a change of it makes every publisher's re-run of a
// release a conflict. Change it only on purpose, and say so in the changelog.
func TestDigestIsPinned(t *testing.T) {
	img := build(t, sample(jar("b.jar", noise(1, 100_000)), jar("a.jar", []byte("x"))))
	got, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	const want = "sha256:b19b24f6a712be43b1d40f1db9c2828a04010a19aac1b7899cfaddb556e3de79"
	if got.String() != want {
		raw, _ := img.RawManifest()
		cfg, _ := img.RawConfigFile()
		t.Errorf("digest %s, want %s\nmanifest: %s\nconfig: %s", got, want, raw, cfg)
	}
}

func TestImageIsWhatGlueReads(t *testing.T) {
	files := map[string][]byte{"jars/config.json": []byte(configText)}
	var jars []*connector.Jar
	for i, n := range []int{1, 511, 512, 513, maxStored - 2048, maxStored, 3*maxStored + 7} {
		name := fmt.Sprintf("j%d.jar", i)
		files["jars/"+name] = noise(uint64(i), n)
		jars = append(jars, jar(name, files["jars/"+name]))
	}
	img := build(t, sample(jars...))
	m, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	if m.MediaType != types.DockerManifestSchema2 || m.Config.MediaType != types.DockerConfigJSON {
		t.Errorf("media types %s and %s", m.MediaType, m.Config.MediaType)
	}
	cfg, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if cfg.OS+"/"+cfg.Architecture != "linux/amd64" || cfg.Config.User != "65534" || !cfg.Created.Equal(released) {
		t.Errorf("config %+v", cfg)
	}
	if len(cfg.History) != len(m.Layers) || len(cfg.RootFS.DiffIDs) != len(m.Layers) {
		t.Errorf("%d layers, %d in the history, %d diff ids", len(m.Layers), len(cfg.History), len(cfg.RootFS.DiffIDs))
	}
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]byte{}
	for i, l := range layers {
		if m.Layers[i].MediaType != types.DockerLayer {
			t.Errorf("layer %d is of type %s", i, m.Layers[i].MediaType)
		}
		unpackLayer(t, l, m.Layers[i], cfg.RootFS.DiffIDs[i], got)
	}
	if diff := cmp.Diff(files, got); diff != "" {
		t.Error("the image's files are others")
	}
}

// unpackLayer reads a layer with the standard library and holds it to what the
// manifest and the config say.
func unpackLayer(t *testing.T, l v1.Layer, d v1.Descriptor, diffID v1.Hash, files map[string][]byte) {
	t.Helper()
	rc, err := l.Compressed()
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := io.ReadAll(rc)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(zipped)) != d.Size || fmt.Sprintf("%x", sha256.Sum256(zipped)) != d.Digest.Hex {
		t.Errorf("%d bytes, the manifest says %d; or another digest", len(zipped), d.Size)
	}
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprintf("%x", sha256.Sum256(plain)) != diffID.Hex {
		t.Error("another diff id")
	}
	for r := tar.NewReader(bytes.NewReader(plain)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Uid != 0 || h.Gid != 0 || h.Uname != "" || !h.ModTime.Equal(entryTime) {
			t.Errorf("%s has an owner or a time of its own: %+v", h.Name, h)
		}
		switch {
		case h.Typeflag == tar.TypeDir && h.Name == "jars/" && h.Mode == 0o755:
		case h.Typeflag == tar.TypeReg && h.Mode == 0o644:
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			files[h.Name] = b
		default:
			t.Errorf("entry %+v", h)
		}
	}
}

func digests(t *testing.T, img v1.Image) []string {
	t.Helper()
	m, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range m.Layers {
		out = append(out, l.Digest.String())
	}
	return out
}

func different(a, b []string) int {
	seen := map[string]bool{}
	for _, d := range a {
		seen[d] = true
	}
	n := 0
	for _, d := range b {
		if !seen[d] {
			n++
		}
	}
	return n
}

func TestLayersAreStable(t *testing.T) {
	for _, n := range []int{3, MaxJarLayers, MaxJarLayers + 1, 300} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			set := func(change func(i int) (string, []byte)) *connector.Connector {
				var jars []*connector.Jar
				for i := range n {
					name, content := change(i)
					jars = append(jars, jar(name, content))
				}
				rand.New(rand.NewPCG(1, uint64(n))).Shuffle(n, func(i, j int) { jars[i], jars[j] = jars[j], jars[i] })
				return sample(jars...)
			}
			plain := func(i int) (string, []byte) { return fmt.Sprintf("lib%03d-1.0.%d.jar", i, i), noise(uint64(i), 100) }
			before := digests(t, build(t, set(plain)))
			if len(before) > MaxJarLayers+1 {
				t.Errorf("%d layers", len(before))
			}
			after := digests(t, build(t, set(func(i int) (string, []byte) {
				if i == 1 {
					return "lib001-2.0.0-beta.jar", noise(9999, 120)
				}
				return plain(i)
			})))
			if d := different(before, after); d != 1 {
				t.Errorf("a new version of one jar changes %d layers", d)
			}
			other, err := Build(set(plain), Options{Created: released.Add(time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, digests(t, other)); diff != "" {
				t.Error("a later release has other layers")
			}
		})
	}
}

func TestArtifacts(t *testing.T) {
	names := map[string]string{
		"guava-31.1-jre.jar": "guava", "spark-sql_2.12-3.5.0.jar": "spark-sql", "a.jar": "a", "ojdbc8.jar": "ojdbc8",
		"driver-v2.jar": "driver", "42.jar": "42", "x-1.0-SNAPSHOT.jar": "x",
		// Not versions alone.
		"lib-001-1.0.jar": "lib-001", "lib-002-1.0.jar": "lib-002", "log4j-1.2.17.jar": "log4j-1", "log4j-2.9.jar": "log4j-2",
		"b-1.jar": "b-1", "b.jar": "b",
	}
	var jars []*connector.Jar
	for name := range names {
		jars = append(jars, jar(name, nil))
	}
	for i, got := range artifacts(jars) {
		if want := names[jars[i].Name]; got != want {
			t.Errorf("%s is %s, want %s", jars[i].Name, got, want)
		}
	}
}

// Numbered jars look as if they were versions of one.
func TestNumberedJarsAreSpread(t *testing.T) {
	var jars []*connector.Jar
	for i := range 300 {
		jars = append(jars, jar(fmt.Sprintf("library-%03d-1.0.jar", i), nil))
	}
	if n := len(groups(jars)); n < MaxJarLayers*3/4 {
		t.Errorf("300 jars are in %d layers", n)
	}
}

// A jar that changes between hashing and reading must not pass for the layer
// that was promised.
func TestChangedJarShows(t *testing.T) {
	content := noise(1, 1000)
	img := build(t, sample(jar("a.jar", content)))
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	content[500]++
	rc, err := layers[0].Compressed()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(rc)
	if err != nil {
		t.Fatal(err)
	}
	if d, _ := layers[0].Digest(); fmt.Sprintf("%x", sha256.Sum256(b)) == d.Hex {
		t.Error("the changed bytes have the old digest")
	}
}

func TestShortJarIsAnError(t *testing.T) {
	c := sample(&connector.Jar{Name: "a.jar", Size: 100, Content: strings.NewReader("short")})
	if _, err := Build(c, Options{}); err == nil || !strings.Contains(err.Error(), "jars/a.jar") {
		t.Errorf("error %v", err)
	}
}

func BenchmarkBuild(b *testing.B) {
	var jars []*connector.Jar
	for i := range 60 {
		jars = append(jars, jar(fmt.Sprintf("lib%d.jar", i), noise(uint64(i), 1_700_000)))
	}
	c := sample(jars...)
	b.SetBytes(60 * 1_700_000)
	b.ReportAllocs()
	for b.Loop() {
		build(b, c)
	}
}
