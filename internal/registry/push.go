package registry

import (
	"context"
	"fmt"
	"maps"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/sync/errgroup"

	"glue-connector/internal/connector"
)

// Existing says what to do about a tag that is there already.
type Existing string

// The policies.
const (
	SkipIdentical Existing = "skip-identical" // same digest: done; another one: a conflict
	Fail          Existing = "fail"           // a conflict in any case
	Overwrite     Existing = "overwrite"      // point the tag at the new digest
)

// Pushed says what a push did.
type Pushed struct {
	Digest string
	// Existed tells that every tag pointed at this digest before.
	Existed bool
	// Uploaded counts the bytes of blobs sent, of Size that the image has.
	Uploaded, Size int64
	// Stored is what the registry returned last for the first tag, and Available
	// are the sizes of the image's blobs that it has.
	Stored    *Manifest
	Available map[string]int64
}

// jobs is how many blobs move at a time, at most. A new blob is two round trips, so
// on a way of 30 ms, 60 of them wait for 0.5 s with 8, and for 0.9 s with 4.
const jobs = 8

// Push brings an image into the repository: blobs that are not there yet, then
// the manifest under its tags, and reads back what it wrote. No tag is put
// before the registry has said that it has the blobs.
func (r *Repository) Push(ctx context.Context, img v1.Image, tags []string, policy Existing) (Pushed, error) {
	h, err := img.Digest()
	if err != nil {
		return Pushed{}, err
	}
	p := Pushed{Digest: h.String()}
	if p.Size, err = Size(img); err != nil {
		return p, err
	}
	blobs, err := blobsOf(img)
	if err != nil {
		return p, err
	}
	missing, first, err := r.look(ctx, &p, blobs, tags, policy)
	if err != nil {
		return p, err
	}
	p.Stored = first
	if p.Existed = len(missing) == 0; p.Existed {
		return p, nil
	}
	sent, err := r.upload(ctx, blobs, p.Available)
	p.Uploaded = r.Uploaded()
	if err != nil {
		return p, explain(ctx, "pushing to "+r.ref.Name(), err, r.ref)
	}
	// An upload takes its time: another run may have been faster with a tag.
	if missing, _, err = r.look(ctx, &p, sent, missing, policy); err != nil {
		return p, err
	}
	if err := Lacking(sizes(blobs), p.Available); err != nil {
		return p, lost(r.ref, err)
	}
	for _, tag := range missing {
		if err := r.tag(ctx, tag, img); err != nil {
			return p, explain(ctx, "pushing to "+r.ref.Name(), err, r.ref)
		}
	}
	for i, tag := range tags {
		m, err := r.readBack(ctx, tag, p.Digest)
		if err != nil {
			return p, err
		}
		if i == 0 {
			p.Stored = m
		}
	}
	return p, nil
}

// look asks at one time for tags and for blobs. What is available goes to p,
// and what the first tag holds is returned.
func (r *Repository) look(ctx context.Context, p *Pushed, blobs []*blob, tags []string, policy Existing) (missing []string, first *Manifest, err error) {
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		missing, first, err = r.checkTags(inner, p.Digest, tags, policy)
		return err
	})
	var available map[string]int64
	group.Go(func() (err error) {
		available, err = r.Available(inner, slices.Collect(maps.Keys(sizes(blobs))))
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	if p.Available == nil {
		p.Available = map[string]int64{}
	}
	maps.Copy(p.Available, available)
	return missing, first, nil
}

func lost(ref connector.Reference, err error) error {
	return &Error{Kind: Remote, err: fmt.Errorf("pushing to %s: it accepted all layers, and %w", ref.Name(), err),
		hint: "No tag was put. Check for a proxy between here and ECR, and run again."}
}

// readBack asks for what was written: some proxies say yes and store nothing.
func (r *Repository) readBack(ctx context.Context, reference, digest string) (*Manifest, error) {
	m, err := r.Manifest(ctx, reference)
	if err != nil {
		return nil, err
	}
	if m == nil || m.Digest != digest {
		got := "nothing"
		if m != nil {
			got = m.Digest
		}
		return nil, &Error{Kind: Remote,
			err:  fmt.Errorf("reading back %s of %s: the registry accepted %s and returns %s", reference, r.ref.Name(), digest, got),
			hint: "Check for a proxy between here and ECR, and for another run that pushes the same tag."}
	}
	return m, nil
}

// Size is what a Glue job downloads, in bytes: the layers and the manifest.
func Size(img v1.Image) (int64, error) {
	layers, err := img.Layers()
	if err != nil {
		return 0, err
	}
	total, err := img.Size()
	if err != nil {
		return 0, err
	}
	for _, l := range layers {
		n, err := l.Size()
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}
