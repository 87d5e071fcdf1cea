package registry

import (
	"context"
	"errors"
	"fmt"

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
}

// jobs is how many blobs move at a time. A new blob is four round trips, so on a
// way of 30 ms, 60 of them take 1.9 s with 8, and 3.1 s with 4.
const jobs = 8

// Check compares tags with a digest before anything is uploaded. It tells
// which tags still have to be put; a tag in the way is an error.
func (r *Repository) Check(ctx context.Context, digest string, tags []string, policy Existing) (missing []string, err error) {
	for _, tag := range tags {
		m, err := r.Manifest(ctx, tag)
		switch {
		case err != nil:
			return nil, err
		case m == nil, m.Digest != digest && policy == Overwrite:
			missing = append(missing, tag)
		case m.Digest != digest:
			return nil, &Error{Kind: Conflict,
				err:  fmt.Errorf("tag %s of %s is taken: it holds %s, and this image is %s", tag, r.ref.Name(), m.Digest, digest),
				hint: "Release under a new version or image-tag. Customers' jobs load the tag at every start, so it is not overwritten unless on-existing-tag is overwrite."}
		case policy == Fail:
			return nil, &Error{Kind: Conflict,
				err:  fmt.Errorf("tag %s of %s exists already, with this very image", tag, r.ref.Name()),
				hint: "Nothing is wrong with it; on-existing-tag: skip-identical takes it for done."}
		}
	}
	return missing, nil
}

// Plan tells which tags a push would put, or why it would fail, and writes
// nothing. A repository that would be created counts as one without tags.
func (r *Repository) Plan(ctx context.Context, digest string, tags []string, policy Existing, create bool) (missing []string, err error) {
	if _, err = r.Prepare(ctx, false); err == nil {
		missing, err = r.Check(ctx, digest, tags, policy)
	}
	if errors.Is(err, errNoRepository) && create && r.ref.Account != connector.MarketplaceRegistry {
		return tags, nil
	}
	return missing, err
}

// Push brings an image into the repository: blobs that are not there yet, then
// the manifest by digest, then the tags, and reads back what it wrote.
func (r *Repository) Push(ctx context.Context, img v1.Image, tags []string, policy Existing) (Pushed, error) {
	h, err := img.Digest()
	if err != nil {
		return Pushed{}, err
	}
	p := Pushed{Digest: h.String()}
	if p.Size, err = Size(img); err != nil {
		return p, err
	}
	missing, err := r.Check(ctx, p.Digest, tags, policy)
	if err != nil {
		return p, err
	}
	if p.Existed = len(missing) == 0; p.Existed {
		return p, nil
	}
	err = r.upload(ctx, img, p.Digest)
	p.Uploaded = r.Uploaded()
	if err != nil {
		return p, explain(ctx, "pushing to "+r.ref.Name(), err, r.ref)
	}
	if err := r.readBack(ctx, p.Digest, p.Digest); err != nil {
		return p, err
	}
	// An upload takes its time: another run may have been faster with a tag.
	if missing, err = r.Check(ctx, p.Digest, missing, policy); err != nil {
		return p, err
	}
	for _, tag := range missing {
		if err := r.put(ctx, r.name.Tag(tag), img); err != nil {
			return p, explain(ctx, "pushing to "+r.ref.Name(), err, r.ref)
		}
	}
	for _, tag := range missing {
		if err := r.readBack(ctx, tag, p.Digest); err != nil {
			return p, err
		}
	}
	return p, nil
}

// readBack asks for what was written: some proxies say yes and store nothing.
func (r *Repository) readBack(ctx context.Context, reference, digest string) error {
	m, err := r.Manifest(ctx, reference)
	if err != nil {
		return err
	}
	if m == nil || m.Digest != digest {
		got := "nothing"
		if m != nil {
			got = m.Digest
		}
		return &Error{Kind: Remote,
			err:  fmt.Errorf("reading back %s of %s: the registry accepted %s and returns %s", reference, r.ref.Name(), digest, got),
			hint: "Check for a proxy between here and ECR, and for another run that pushes the same tag."}
	}
	return nil
}

// Present looks for blobs of a pushed image: what the registry lacks, or has in
// another size, is returned with the size it has, -1 for none.
func (r *Repository) Present(ctx context.Context, blobs map[string]int64) (wrong map[string]int64, err error) {
	type answer struct {
		digest string
		size   int64
	}
	answers := make(chan answer, len(blobs))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2 * jobs)
	for digest := range blobs {
		group.Go(func() error {
			size, err := r.BlobSize(ctx, digest)
			answers <- answer{digest, size}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	close(answers)
	wrong = map[string]int64{}
	for a := range answers {
		if a.size != blobs[a.digest] {
			wrong[a.digest] = a.size
		}
	}
	return wrong, nil
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
