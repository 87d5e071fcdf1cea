package unpack_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"glue-connector/internal/unpack"
)

// FuzzReplay takes any bytes as a layer, as they are and gzipped, between two
// good layers.
func FuzzReplay(f *testing.F) {
	for _, c := range allCases {
		for _, blob := range c.layers {
			f.Add(blob, false)
		}
	}
	f.Add(archive(a, dir("jars/", 0o555), soft("jars/l", "../x"), hard("jars/b.jar", "jars/l"), b), true)
	f.Add(two[:2048], true)
	lim := unpack.Limits{Entries: 1000, Bytes: 1 << 20}
	f.Fuzz(func(t *testing.T, blob []byte, zip bool) {
		if zip {
			blob = zipped(blob)
		}
		raw, fetch := image(layer(a), blob, layer(b))
		start := time.Now()
		r, err := unpack.Replay(t.Context(), raw, fetch, lim)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %s", took)
		}
		checkResult(t, r)
	})
}

// checkResult holds a result to what is true of all results.
func checkResult(t *testing.T, r *unpack.Result) {
	t.Helper()
	none := false
	for _, p := range r.Problems {
		if p.Code == "" || p.Detail == "" {
			t.Errorf("empty problem %+v", p)
		}
		if strings.ContainsAny(p.Log, "\n\r") {
			t.Errorf("log has more than one line: %q", p.Log)
		}
		none = none || p.Code.StopsJob() || p.Code == unpack.TooLarge || p.Code == unpack.NoJars
	}
	if none != (len(r.Jars) == 0) {
		t.Errorf("%d jars with %+v", len(r.Jars), r.Problems)
	}
	if all := paths(r); !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("jars not sorted or not unique: %q", all)
	}
	for _, jar := range r.Jars {
		if !strings.HasPrefix(jar.Path, "jars/") || !strings.HasSuffix(jar.Path, ".jar") || strings.Contains(jar.Path, "/../") {
			t.Errorf("jar %q", jar.Path)
		}
	}
}

func FuzzManifest(f *testing.F) {
	raw, _ := image(layer(a), layer(b))
	f.Add(raw)
	f.Add(bytes.ReplaceAll(raw, []byte("layers"), []byte("Layers")))
	f.Add([]byte(`{"layers":[{"digest":"sha256:x","size":1e99}]}`))
	f.Add([]byte(`{"manifests":[]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		layers, problems := unpack.Manifest(raw)
		for _, l := range layers {
			if len(l.Digest) != 71 {
				t.Errorf("digest %q", l.Digest)
			}
		}
		if len(layers) == 0 && len(problems) == 0 {
			t.Error("no layers and no problem")
		}
	})
}
