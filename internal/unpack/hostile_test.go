package unpack_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/unpack"
)

// zeros is a gzip of n zero bytes, behind a tar header that announces size.
func zeros(n, size int64) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	header := archive(file("jars/a.jar", ""))[:512]
	copy(header[124:136], fmt.Sprintf("%011o\x00", size))
	copy(header[148:156], "        ")
	sum := 0
	for _, c := range header {
		sum += int(c)
	}
	copy(header[148:156], fmt.Sprintf("%06o\x00 ", sum))
	_, err := w.Write(header)
	must(err)
	_, err = io.CopyN(w, zeroReader{}, n)
	must(err)
	must(w.Close())
	return out.Bytes()
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestReplayLimits(t *testing.T) {
	t.Parallel()
	lim := unpack.Limits{Layers: 3, Entries: 10, Bytes: 1 << 20}
	var many [][]byte
	for i := range 4 {
		many = append(many, layer(file(fmt.Sprintf("jars/%d.jar", i), "")))
	}
	bomb := zeros(8<<20, 0)
	cases := map[string]struct {
		blobs [][]byte
		want  unpack.Code
	}{
		"bomb behind the archive":  {layers{bomb}, unpack.TooLarge},
		"bomb in a file":           {layers{zeros(8<<20, 8<<20)}, unpack.TooLarge},
		"absurd size":              {layers{zeros(512, 1<<32)}, unpack.TooLarge},
		"bytes over layers":        {layers{zeros(600<<10, 0), concat(zeros(600<<10, 0), []byte{0})}, unpack.TooLarge},
		"compressed bytes":         {layers{make([]byte, 0), concat(layer(a), make([]byte, 2<<20))}, unpack.TooLarge},
		"implied directories":      {layers{layer(jar("jars/1/2/3/4/5/6/7/8/9/a.jar"))}, unpack.TooLarge},
		"rubbish blocks":           {layers{zipped(bytes.Repeat([]byte{1}, 512*20))}, unpack.TooLarge},
		"layers":                   {many, unpack.TooManyLayers},
		"cut after the limit only": {layers{cut(bomb, 9)}, unpack.TooLarge},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, fetch := image(c.blobs...)
			start := time.Now()
			r, err := unpack.Replay(t.Context(), raw, fetch, lim)
			if err != nil {
				t.Fatal(err)
			}
			last := r.Problems[len(r.Problems)-1]
			if last.Code != c.want || len(r.Jars) > 0 {
				t.Errorf("got %+v, %d jars, want %q", last, len(r.Jars), c.want)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestReplayDefaultLayers(t *testing.T) {
	t.Parallel()
	blobs := make([][]byte, 128)
	for i := range blobs {
		blobs[i] = layer(file(fmt.Sprintf("jars/%d.jar", i), ""))
	}
	if r := replay(t, blobs...); len(r.Jars) > 0 || r.Problems[0].Code != unpack.TooManyLayers {
		t.Errorf("128 layers: %+v", r.Problems)
	}
	if r := replay(t, blobs[1:]...); len(r.Jars) != 127 || len(r.Problems) > 0 {
		t.Errorf("127 layers: %d jars, %+v", len(r.Jars), r.Problems)
	}
}

// Not parallel: it measures the heap.
func TestReplayMemory(t *testing.T) {
	raw, fetch := image(zeros(10<<20, 0))
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r, err := unpack.Replay(t.Context(), raw, fetch, unpack.Limits{Bytes: 5 << 20})
	runtime.ReadMemStats(&after)
	if err != nil || r.Problems[0].Code != unpack.TooLarge {
		t.Errorf("%+v, %v", r, err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
		t.Errorf("allocated %d bytes", grown)
	}
}

func TestReplayDigest(t *testing.T) {
	t.Parallel()
	good, evil := layer(a), layer(b)
	raw, _ := image(good)
	for name, c := range map[string]struct {
		served []byte
		jars   []string
		codes  []unpack.Code
	}{
		"other layer":    {evil, strs{"jars/b.jar"}, codesOf{unpack.LayerDigestMismatch}},
		"zero more":      {concat(good, []byte{0}), strs{"jars/a.jar"}, codesOf{unpack.LayerDigestMismatch}},
		"cut":            {cut(good, 1), nil, codesOf{unpack.LayerTruncated, unpack.LayerDigestMismatch}},
		"not gzip":       {[]byte("oops"), nil, codesOf{unpack.LayerNotGzip, unpack.LayerDigestMismatch}},
		"not there":      {nil, nil, codesOf{unpack.LayerMissing}},
		"as it ought to": {good, strs{"jars/a.jar"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			served := map[string][]byte{}
			if c.served != nil {
				served[digestOf(good)] = c.served
			}
			r, err := unpack.Replay(t.Context(), raw, fetchFrom(served), unpack.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]any{c.jars, c.codes}, []any{paths(r), codes(r.Problems)}); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestReplayErrors(t *testing.T) {
	t.Parallel()
	blob := layer(a)
	raw, _ := image(blob)
	broken := errors.New("connection reset")
	cases := map[string]struct {
		open func(ctx context.Context, digest string) (io.ReadCloser, error)
		want error
	}{
		"fetch": {func(context.Context, string) (io.ReadCloser, error) { return nil, broken }, broken},
		"read at once": {func(context.Context, string) (io.ReadCloser, error) {
			return io.NopCloser(iotest.ErrReader(broken)), nil
		}, broken},
		"read late": {func(context.Context, string) (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(bytes.NewReader(blob[:50]), iotest.ErrReader(io.ErrUnexpectedEOF))), nil
		}, io.ErrUnexpectedEOF},
		"read after the gzip": {func(context.Context, string) (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(bytes.NewReader(blob), iotest.ErrReader(broken))), nil
		}, broken},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := unpack.Replay(t.Context(), raw, c.open, unpack.Limits{})
			if r != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), digestOf(blob)) {
				t.Errorf("got %v, %v", r, err)
			}
		})
	}
}

// The body goes on for ever, so only the context can end it.
func TestReplayCancelled(t *testing.T) {
	t.Parallel()
	endless := io.MultiReader(bytes.NewReader(layer(a)), zeroReader{})
	raw, _ := image(layer(a))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	fetch := func(context.Context, string) (io.ReadCloser, error) { return io.NopCloser(endless), nil }
	r, err := unpack.Replay(ctx, raw, fetch, unpack.Limits{Bytes: 1 << 50})
	if r != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, %v", r, err)
	}
}

func TestReplayManyProblems(t *testing.T) {
	t.Parallel()
	var blob bytes.Buffer
	for i := range 1000 {
		blob.Write(cut(archive(soft(fmt.Sprintf("jars/%d.jar", i), "x")), 1024))
	}
	r := replay(t, zipped(blob.Bytes()))
	if len(r.Problems) != 20 || r.Omitted != 980 || len(r.Jars) != 1000 {
		t.Errorf("%d problems, %d omitted, %d jars", len(r.Problems), r.Omitted, len(r.Jars))
	}
}
