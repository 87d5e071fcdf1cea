package registry

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/sethvargo/go-retry"
	"golang.org/x/sync/errgroup"
)

// Progress is how far one blob of a push is.
type Progress struct {
	Layer string // digest of the blob: a layer, or the image's config
	Size  int64  // bytes
	// Sent counts the bytes that are on their way or there. It falls back to 0
	// when an upload begins anew.
	Sent int64
	// Skipped tells that the registry has the blob without an upload.
	Skipped bool
}

// meter tells an observer how far the blobs are, one call at a time.
type meter struct {
	mu      sync.Mutex
	observe func(Progress)
}

func (m *meter) tell(p Progress) {
	if m.observe == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.observe(p)
}

// upload brings an image's blobs into the repository, and then its manifest
// under its digest. It is ggcr that speaks with the registry; what it would
// repeat is repeated here, since it sleeps without looking at the context.
func (r *Repository) upload(ctx context.Context, img v1.Image, digest string) error {
	there, err := r.has(ctx, digest)
	if err != nil || there {
		return err
	}
	blobs, err := blobsOf(img)
	if err != nil {
		return err
	}
	m := &meter{observe: r.Observe}
	for _, b := range blobs {
		b.meter = m
		b.tell(0, false)
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(jobs)
	for _, b := range blobs {
		group.Go(func() error {
			return r.again(inner, func(ctx context.Context) error {
				b.begin()
				if err := r.pusher.Upload(ctx, r.name, r.mountable(b)); err != nil {
					return err
				}
				b.end()
				return nil
			})
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return r.put(ctx, r.name.Digest(digest), img)
}

// put puts a manifest under a tag or its digest.
func (r *Repository) put(ctx context.Context, as name.Reference, m remote.Taggable) error {
	return r.again(ctx, func(ctx context.Context) error { return r.pusher.Put(ctx, as, m) })
}

// has asks whether the repository has a manifest of this digest.
func (r *Repository) has(ctx context.Context, digest string) (bool, error) {
	err := r.request(ctx, http.MethodHead, "/manifests/"+digest, func(*http.Response) error { return nil })
	if answered(err, http.StatusNotFound) {
		return false, nil
	}
	return err == nil, err
}

// again repeats what failed for a while after 0.5, 1, 2, 4 and 8 seconds, give
// or take a fifth, and ends at once with the context.
func (r *Repository) again(ctx context.Context, do func(context.Context) error) error {
	return retry.Do(ctx, r.guard.limits.waits(), func(ctx context.Context) error {
		err := do(ctx)
		if ctx.Err() == nil && temporary(err) {
			return retry.RetryableError(err)
		}
		return err
	})
}

func (l limits) waits() retry.Backoff {
	return retry.WithMaxRetries(5, retry.WithJitterPercent(20, retry.NewExponential(l.backoff)))
}

// newPusher is ggcr's writer of a repository. It tries everything once, and
// writes no tag that it was not told to write: see [Repository.Attach].
func newPusher(over http.RoundTripper) (*remote.Pusher, error) {
	return remote.NewPusher(remote.WithTransport(over), remote.WithRetryPredicate(never), remote.WithRetryStatusCodes(), remote.WithReferrersTagFallback(false))
}

func never(error) bool { return false }

// MountFrom lets blobs be taken over from another repository of the same
// registry, where an account allows it (blob mounting is a setting of ECR's);
// else, and from any other registry, they are uploaded.
func (r *Repository) MountFrom(other *Repository) {
	if other.ref.Host() == r.ref.Host() {
		r.mount = other
	}
}

func (r *Repository) mountable(b *blob) v1.Layer {
	if r.mount == nil {
		return b
	}
	return &remote.MountableLayer{Layer: b, Reference: r.mount.name.Digest(b.digest)}
}

// blob is a layer, or the config, that tells how much of it was read.
type blob struct {
	v1.Layer
	digest string
	size   int64
	meter  *meter

	mu   sync.Mutex
	read bool // in this attempt
}

// blobsOf lists the blobs of an image, each once.
func blobsOf(img v1.Image) ([]*blob, error) {
	layers, err := img.Layers()
	if err != nil {
		return nil, err
	}
	config, err := partial.ConfigLayer(img)
	if err != nil {
		return nil, err
	}
	var all []*blob
	seen := map[v1.Hash]bool{}
	for _, l := range append(layers[:len(layers):len(layers)], config) {
		h, err := l.Digest()
		if err != nil {
			return nil, err
		}
		size, err := l.Size()
		if err != nil {
			return nil, err
		}
		if !seen[h] {
			seen[h] = true
			all = append(all, &blob{Layer: l, digest: h.String(), size: size})
		}
	}
	return all, nil
}

func (b *blob) tell(sent int64, skipped bool) {
	b.meter.tell(Progress{Layer: b.digest, Size: b.size, Sent: sent, Skipped: skipped})
}

func (b *blob) begin() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.read = false
}

func (b *blob) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.read {
		b.tell(b.size, false)
		return
	}
	b.tell(0, true)
}

// Compressed begins the upload.
func (b *blob) Compressed() (io.ReadCloser, error) {
	rc, err := b.Layer.Compressed()
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	b.read = true
	b.mu.Unlock()
	b.tell(0, false)
	return &metered{ReadCloser: rc, blob: b}, nil
}

// metered is the content of a blob on its way.
type metered struct {
	io.ReadCloser
	blob *blob
	sent int64
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.ReadCloser.Read(p)
	if m.sent += int64(n); n > 0 {
		m.blob.tell(m.sent, false)
	}
	return n, err
}

var errBusy = errors.New("the registry is busy")

// patient repeats the reads of ggcr as [Repository.again] would.
type patient struct{ *guard }

func (p patient) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	if req.Method != http.MethodGet && req.Method != http.MethodHead {
		return p.guard.RoundTrip(req)
	}
	_ = retry.Do(req.Context(), p.limits.waits(), func(context.Context) error {
		if resp, err = p.guard.RoundTrip(req); err != nil && temporary(err) {
			return retry.RetryableError(err)
		}
		if err == nil && temporary(&transport.Error{StatusCode: resp.StatusCode}) {
			return retry.RetryableError(errBusy) // its body is in memory: see bounded
		}
		return nil
	})
	if req.Context().Err() != nil && (resp == nil || resp.StatusCode >= 400) {
		return nil, ended(req.Context())
	}
	return resp, err
}
