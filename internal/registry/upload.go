package registry

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/sethvargo/go-retry"
	"golang.org/x/sync/errgroup"
)

// upload brings those blobs into the repository that are not available there,
// and returns them.
func (r *Repository) upload(ctx context.Context, blobs []*blob, available map[string]int64) (sent []*blob, err error) {
	m := &meter{observe: r.Observe}
	for _, b := range blobs {
		b.meter = m
		b.tell(0, false)
		if size, ok := available[b.digest]; !ok || size != b.size {
			sent = append(sent, b)
		}
	}
	for _, b := range blobs {
		if !slices.Contains(sent, b) {
			b.tell(0, true)
		}
	}
	group, inner := errgroup.WithContext(ctx)
	// The largest first, or all would wait for it in the end. A connection pays for
	// itself from two blobs on: it takes as many round trips to make as they do.
	group.SetLimit(min(jobs, (len(sent)+2)/2))
	for _, b := range slices.SortedStableFunc(slices.Values(sent), func(a, b *blob) int { return cmp.Compare(b.size, a.size) }) {
		group.Go(func() error {
			return r.again(inner, func(ctx context.Context) error {
				b.begin()
				if err := r.send(ctx, b); err != nil {
					return err
				}
				b.end()
				return nil
			})
		})
	}
	return sent, group.Wait()
}

// send uploads one blob, or has it taken over from where it may be mounted. It
// is ours and not ggcr's, which would ask for each blob first, and sends PATCH
// and PUT where one PUT with the content does, as containerd and BuildKit do:
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#post-then-put
func (r *Repository) send(ctx context.Context, l v1.Layer) error {
	digest, err := l.Digest()
	if err != nil {
		return err
	}
	size, err := l.Size()
	if err != nil {
		return err
	}
	to, err := r.beginUpload(ctx, digest.String())
	if err != nil || to == nil {
		return err
	}
	if to.Host == r.ref.Host() {
		to.Scheme = "https" // a proxy in front of a registry may not know
	}
	values := to.Query()
	values.Set("digest", digest.String())
	to.RawQuery = values.Encode()
	c := payload{mediaType: "application/octet-stream", size: size, open: l.Compressed}
	return r.write(ctx, http.MethodPut, to.String(), c, func(resp *http.Response) error {
		if resp.StatusCode != http.StatusCreated {
			return fmt.Errorf("%s %s answers %s, and nothing was created", http.MethodPut, to.Redacted(), resp.Status)
		}
		return nil
	})
}

// beginUpload returns where the content goes, nil if it is there by a mount.
func (r *Repository) beginUpload(ctx context.Context, digest string) (to *url.URL, err error) {
	use := func(resp *http.Response) (err error) {
		if resp.StatusCode == http.StatusAccepted {
			to, err = resp.Location()
		}
		return err
	}
	if r.mount != nil {
		query := url.Values{"mount": {digest}, "from": {r.mount.ref.Repository}}
		err = r.write(ctx, http.MethodPost, r.url("/blobs/uploads/?"+query.Encode()), payload{}, use)
		if err == nil || temporary(err) || ctx.Err() != nil {
			return to, err
		}
	}
	err = r.write(ctx, http.MethodPost, r.url("/blobs/uploads/"), payload{}, use)
	return to, err
}

// payload is what a request sends, nothing if open is nil.
type payload struct {
	mediaType string
	size      int64
	open      func() (io.ReadCloser, error)
}

func (r *Repository) write(ctx context.Context, method, to string, c payload, use func(*http.Response) error) error {
	req, err := http.NewRequestWithContext(ctx, method, to, nil)
	if err != nil {
		return err
	}
	if c.open != nil {
		req.Header.Set("Content-Type", c.mediaType)
		req.ContentLength, req.GetBody = c.size, c.open
		if req.Body, err = c.open(); err != nil {
			return err
		}
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := transport.CheckError(resp, http.StatusCreated, http.StatusAccepted); err != nil {
		return err
	}
	return use(resp)
}

// tag puts an image's manifest under a tag.
func (r *Repository) tag(ctx context.Context, tag string, img v1.Image) error {
	raw, err := img.RawManifest()
	if err != nil {
		return err
	}
	mediaType, err := img.MediaType()
	if err != nil {
		return err
	}
	return r.again(ctx, func(ctx context.Context) error {
		return r.write(ctx, http.MethodPut, r.url("/manifests/"+tag), payload{
			mediaType: string(mediaType), size: int64(len(raw)),
			open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil },
		}, func(*http.Response) error { return nil })
	})
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

func never(error) bool { return false }

// MountFrom lets blobs be taken over from another repository of the same
// registry, where an account allows it (blob mounting is a setting of ECR's);
// else, and from any other registry, they are uploaded.
func (r *Repository) MountFrom(other *Repository) {
	if other.ref.Host() == r.ref.Host() {
		r.mount = other
	}
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
