package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// archive makes a tar of files by name; a name may be "link -> target", with => for
// a hard link, and end in a slash for a folder.
func archive(t testing.TB, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, n := range names {
		h := &tar.Header{Name: n, Typeflag: tar.TypeReg, Mode: 0o644}
		if name, target, ok := strings.Cut(n, " -> "); ok {
			h.Name, h.Linkname, h.Typeflag = name, target, tar.TypeSymlink
		} else if name, target, ok := strings.Cut(n, " => "); ok {
			h.Name, h.Linkname, h.Typeflag = name, target, tar.TypeLink
		} else if strings.HasSuffix(n, "/") {
			h.Typeflag, h.Mode = tar.TypeDir, 0o555
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fixed is a layer of given bytes, which counts how often they are fetched.
type fixed struct {
	v1.Layer
	fetched *int
}

func (fixed) DiffID() (v1.Hash, error) {
	return v1.Hash{Algorithm: "sha256", Hex: strings.Repeat("0", 64)}, nil
}

func (f fixed) Compressed() (io.ReadCloser, error) {
	*f.fetched++
	return f.Layer.Compressed()
}

// on makes a base of layers under one media type.
func on(t testing.TB, os, arch string, mt types.MediaType, layers ...[]byte) (base v1.Image, fetched *int) {
	t.Helper()
	base, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: os, Architecture: arch,
		Config: v1.Config{Entrypoint: []string{"/bin/sh"}, User: "0", Env: []string{"A=B"}}})
	if err != nil {
		t.Fatal(err)
	}
	fetched = new(int)
	for _, l := range layers {
		if base, err = mutate.Append(base, mutate.Addendum{Layer: fixed{static.NewLayer(l, mt), fetched}, MediaType: mt}); err != nil {
			t.Fatal(err)
		}
	}
	return base, fetched
}

// claiming is a base whose manifest says something else.
type claiming struct {
	v1.Image
	change func(*v1.Manifest)
}

func (c claiming) Manifest() (*v1.Manifest, error) {
	m, err := c.Image.Manifest()
	if err == nil {
		m = m.DeepCopy()
		c.change(m)
	}
	return m, err
}

func TestBase(t *testing.T) {
	files := func(names ...string) v1.Image {
		img, _ := on(t, "linux", "amd64", types.DockerLayer, zipped(t, archive(t, names...)))
		return img
	}
	layers := func(all ...string) v1.Image {
		var raw [][]byte
		for _, l := range all {
			raw = append(raw, zipped(t, archive(t, strings.Split(l, ", ")...)))
		}
		img, _ := on(t, "linux", "amd64", types.DockerLayer, raw...)
		return img
	}
	of := func(os, arch string, mt types.MediaType, raw ...[]byte) v1.Image {
		img, _ := on(t, os, arch, mt, raw...)
		return img
	}
	saying := func(change func(*v1.Manifest)) v1.Image { return claiming{files("etc/passwd"), change} }
	plain := zipped(t, archive(t, "etc/passwd"))
	const places = "that place is the connector's"
	for name, tt := range map[string]struct {
		base v1.Image
		want string // part of the error
	}{
		"fine":                {files("etc/passwd", "usr/jars/x.jar", "usr/config.json", "jars2/x.jar", ".wh.tmp"), ""},
		"OCI":                 {of("linux", "amd64", types.OCILayer, plain), ""},
		"linked":              {layers("lib -> usr/lib, bin -> usr/bin", "lib/x.so, bin/sh, y => lib/x.so"), ""},
		"64 layers":           {of("linux", "amd64", types.OCILayer, slicesOf(plain, 64)...), ""},
		"several members":     {of("linux", "amd64", types.OCILayer, append(zipped(t, archive(t, "a")[:512]), zipped(t, archive(t, "a")[512:])...)), ""},
		"arm":                 {of("linux", "arm64", types.DockerLayer, plain), "it is for linux/arm64, and Glue needs linux/amd64"},
		"windows":             {of("windows", "amd64", types.DockerLayer), "linux/amd64"},
		"zstd":                {of("linux", "amd64", types.OCILayerZStd, plain), "layer 1 is packed with zstd"},
		"tar":                 {of("linux", "amd64", types.OCIUncompressedLayer, plain), "gzip layers only"},
		"zstd in disguise":    {of("linux", "amd64", types.OCILayer, []byte{0x28, 0xb5, 0x2f, 0xfd, 0}), "layer 1: it is not gzip, whatever its type says"},
		"tar in disguise":     {of("linux", "amd64", types.OCILayer, archive(t, "a")), "it is not gzip"},
		"nothing in disguise": {of("linux", "amd64", types.OCILayer, nil), "it is not gzip"},
		"cut":                 {of("linux", "amd64", types.OCILayer, plain[:len(plain)-4]), "unexpected EOF"},
		"no tar":              {of("linux", "amd64", types.OCILayer, zipped(t, bytes.Repeat([]byte("x"), 1024))), "its tar cannot be read"},
		"foreign":             {of("windows", "amd64", types.DockerForeignLayer, plain), "layer 1 is a foreign one"},
		"foreign OCI":         {of("linux", "amd64", types.OCIRestrictedLayer, plain), "layer 1 is a foreign one"},
		"by URL":              {saying(func(m *v1.Manifest) { m.Layers[0].URLs = []string{"https://example.com/x"} }), "layer 1 is a foreign one"},
		"too many":            {of("linux", "amd64", types.OCILayer, slicesOf(plain, 65)...), "it has 65 layers, and at most 64 are taken"},
		"too large":           {saying(func(m *v1.Manifest) { m.Layers[0].Size = maxBaseSize + 1 }), "its layers have more than 2147483648 bytes"},
		"negative":            {saying(func(m *v1.Manifest) { m.Layers[0].Size = -1 }), "layer 1 has -1 bytes"},
		"large config":        {saying(func(m *v1.Manifest) { m.Config.Size = maxBaseConfig + 1 }), "its config has 1048577 bytes"},
		"hidden layer":        {saying(func(m *v1.Manifest) { m.Layers = nil }), "its config tells of 1 layers and its manifest of 0"},
		"jars":                {files("jars/old.jar"), `it has "jars/old.jar" of its own, and ` + places},
		"jars, absolute":      {files("/jars/old.jar"), `"jars/old.jar"`},
		"jars, dotted":        {files("./x/../jars/old.jar"), `"jars/old.jar"`},
		"jars, a link":        {files("jars -> opt"), `"jars"`},
		"jars, a folder":      {files("jars/"), `"jars"`},
		"config":              {files("./config.json"), `"config.json"`},
		"whiteout":            {files(".wh.jars"), `".wh.jars"`},
		"whiteout in it":      {files("jars/.wh.a.jar"), `"jars/.wh.a.jar"`},
		"by a link":           {layers("x -> .", "x/jars/old.jar"), `"x/jars/old.jar" behind a symbolic link`},
		"by a hard link":      {files("x -> .", "y => x", "y/jars/old.jar"), "behind a symbolic link"},
		"by links":            {files("a/x -> ..", "b -> a", "b/x/jars/"), "behind a symbolic link"},
		"locked root":         {files("./"), "its root folder cannot be written to"},
	} {
		t.Run(name, func(t *testing.T) {
			img, err := Build(sample(jar("a.jar", []byte("x"))), Options{Base: tt.base, BaseName: "example/base:1", BaseDigest: "sha256:x"})
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "example/base:1@sha256:x") {
					t.Errorf("error %v, want %s", err, tt.want)
				}
				unfit, ok := errors.AsType[*BaseError](err)
				if name != "cut" && (!ok || unfit.Hint() == "" || unfit.FailureKind() != "base") {
					t.Errorf("no advice with %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			m, _ := img.Manifest()
			under, _ := tt.base.Manifest()
			if len(m.Layers) != len(under.Layers)+2 || m.Layers[0].MediaType != types.DockerLayer || m.MediaType != types.DockerManifestSchema2 {
				t.Errorf("manifest %+v", m)
			}
			cfg, _ := img.ConfigFile()
			if len(cfg.Config.Entrypoint)+len(cfg.Config.Env) > 0 || cfg.Config.User != "65534" {
				t.Errorf("the base's config shines through: %+v", cfg.Config)
			}
			labels := cfg.Config.Labels
			if labels["org.opencontainers.image.base.name"] != "example/base:1" || labels["org.opencontainers.image.base.digest"] != "sha256:x" {
				t.Errorf("labels %v", labels)
			}
		})
	}
}

func slicesOf(b []byte, n int) [][]byte {
	var all [][]byte
	for range n {
		all = append(all, b)
	}
	return all
}

func TestBaseIsBounded(t *testing.T) {
	many := make([]string, maxEntries+1)
	for i := range many {
		many[i] = "x"
	}
	zeros := func() []byte { // one file larger than what may be unpacked, made of one block after the other
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		w := tar.NewWriter(z)
		if err := w.WriteHeader(&tar.Header{Name: "zeros", Typeflag: tar.TypeReg, Size: maxUnpacked, Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, raw := range map[string][]byte{"entries": zipped(t, archive(t, many...)), "bytes": zeros()} {
		img, _ := on(t, "linux", "amd64", types.DockerLayer, raw)
		if _, err := Build(sample(), Options{Base: img}); err == nil || !strings.Contains(err.Error(), "unpacks to more than") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// A base that fits into memory is fetched once, by the look into it and for the push
// together; a larger one twice.
func TestBaseIsFetchedOnce(t *testing.T) {
	small := zipped(t, archive(t, "etc/passwd"))
	for name, tt := range map[string]struct {
		layers [][]byte
		want   int
	}{
		"small":           {[][]byte{small, small}, 2},
		"small and large": {[][]byte{small, large(t)}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			under, fetched := on(t, "linux", "amd64", types.DockerLayer, tt.layers...)
			img, err := Build(sample(), Options{Base: under})
			if err != nil {
				t.Fatal(err)
			}
			all, err := img.Layers()
			if err != nil {
				t.Fatal(err)
			}
			for i, raw := range tt.layers {
				body, err := all[i].Compressed()
				if err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(body); err != nil || !bytes.Equal(got, raw) {
					t.Errorf("layer %d: %d bytes, want %d; %v", i, len(got), len(raw), err)
				}
			}
			if *fetched != tt.want {
				t.Errorf("fetched %d times, want %d", *fetched, tt.want)
			}
		})
	}
}

// large is a layer that has no room in memory.
func large(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.NoCompression)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	content := make([]byte, maxKept)
	if err := w.WriteHeader(&tar.Header{Name: "zeros", Typeflag: tar.TypeReg, Size: int64(len(content)), Mode: 0o644}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
