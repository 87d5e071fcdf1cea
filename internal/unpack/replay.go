package unpack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// replay is the state of one job's unpacking.
type replay struct {
	lim     Limits
	result  *Result
	counts  map[Code]int
	tree    *tree
	entries int
	buffer  []byte // for content on its way to a hash
	// What is left of Limits.Bytes.
	compressed, decompressed, content int64
}

// errLimit says that Limits.Bytes is reached.
var errLimit = errors.New("too many bytes")

// Replay does what a Glue job would do with the manifest raw and its layers. An
// image that is bad in any way makes a Result with problems; the error is for
// what kept the replay from finding out: a fetch that failed, or the context.
func Replay(ctx context.Context, raw []byte, fetch Fetch, lim Limits) (*Result, error) {
	lim = lim.orDefault()
	layers, problems := Manifest(raw)
	r := &replay{
		lim: lim, result: &Result{Layers: layers}, counts: make(map[Code]int), tree: newTree(), buffer: make([]byte, 32<<10),
		compressed: lim.Bytes, decompressed: lim.Bytes, content: lim.Bytes,
	}
	r.add(problems...)
	if stops(problems) {
		return r.result, ctx.Err()
	}
	if len(layers) > lim.Layers {
		r.add(Problem{Code: TooManyLayers, Detail: fmt.Sprintf("The image has %d layers; at most %d are replayed.", len(layers), lim.Layers)})
		return r.result, ctx.Err()
	}
	for i := range layers {
		goOn, err := r.layer(ctx, i, fetch)
		if err != nil {
			return nil, fmt.Errorf("reading layer %s: %w", layers[i].Digest, err)
		}
		if !goOn {
			return r.result, nil
		}
	}
	if len(layers) > 0 {
		r.collect()
	}
	return r.result, ctx.Err()
}

// count counts a member or an implied directory.
func (r *replay) count() error {
	if r.entries++; r.entries > r.lim.Entries {
		return errFull
	}
	return nil
}

func (r *replay) add(problems ...Problem) {
	for _, problem := range problems {
		if r.counts[problem.Code]++; r.counts[problem.Code] > maxPerCode {
			r.result.Omitted++
			continue
		}
		r.result.Problems = append(r.result.Problems, problem)
	}
}

// layer unpacks one layer. It reports false if nothing comes after it, be it
// that Glue stops or that the replay does.
func (r *replay) layer(ctx context.Context, i int, fetch Fetch) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	layer := r.result.Layers[i]
	body, err := fetch(ctx, layer.Digest)
	if errors.Is(err, fs.ErrNotExist) {
		r.add(Problem{Code: LayerMissing, Layer: layer.Digest, Detail: "The registry does not have the layer.",
			Log: "requests.exceptions.HTTPError: 404 Client Error: Not Found"})
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer body.Close()

	before := r.mark()
	blob := &source{ctx: ctx, r: body, left: &r.compressed, digest: sha256.New()}
	content := &source{ctx: ctx, r: newGunzip(blob), left: &r.decompressed}
	x := &extraction{replay: r, layer: i}
	stopped := x.run(content)
	if stopped == nil {
		// Glue unzips all of a layer before tar sees any of it.
		_, stopped = io.Copy(io.Discard, content)
	}
	if blob.err != nil && !errors.Is(blob.err, errLimit) {
		return false, blob.err
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	goOn := r.conclude(layer, stopped, before)
	if stopped != nil && !isGzip(stopped) {
		return goOn, nil // at a limit; the digest stays unknown
	}
	return goOn, r.compare(layer, blob)
}

func isGzip(err error) bool {
	var bad *gzipError
	return errors.As(err, &bad)
}

// conclude reports why a layer was not read to its end, if it was not.
func (r *replay) conclude(layer Layer, stopped error, before mark) bool {
	problem := Problem{Layer: layer.Digest}
	var bad *gzipError
	switch {
	case stopped == nil:
		return true
	case errors.As(stopped, &bad):
		// What tar would have said, nobody will see.
		r.reset(before)
		problem.Code, problem.Log = bad.code, bad.log
		problem.Detail = "The layer is not whole and valid gzip, so the job does not start."
	case errors.Is(stopped, errFull):
		problem.Code = TooLarge
		problem.Detail = fmt.Sprintf("The image has more than %d entries or too long names; the replay stopped.", r.lim.Entries)
	default:
		problem.Code = TooLarge
		problem.Detail = fmt.Sprintf("The image has more than %d bytes; the replay stopped.", r.lim.Bytes)
	}
	r.add(problem)
	return false
}

// compare checks a blob that Glue would take as it is.
func (r *replay) compare(layer Layer, blob *source) error {
	if _, err := io.Copy(io.Discard, blob); errors.Is(err, errLimit) {
		return nil
	} else if err != nil {
		return err
	}
	if got := "sha256:" + hex.EncodeToString(blob.digest.Sum(nil)); got != layer.Digest {
		r.add(Problem{Code: LayerDigestMismatch, Layer: layer.Digest,
			Detail: fmt.Sprintf("The blob has the digest %s; Glue does not look, but other clients refuse the image.", got)})
	}
	return nil
}

// mark remembers the problems up to a layer.
type mark struct {
	problems, omitted int
}

func (r *replay) mark() mark { return mark{len(r.result.Problems), r.result.Omitted} }

func (r *replay) reset(to mark) {
	r.result.Problems, r.result.Omitted = r.result.Problems[:to.problems], to.omitted
	clear(r.counts)
	for _, problem := range r.result.Problems {
		r.counts[problem.Code]++
	}
}
