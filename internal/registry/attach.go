package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// emptyJSON is OCI's content for a config that says nothing.
const (
	emptyJSON     = "{}"
	emptyJSONType = types.MediaType("application/vnd.oci.empty.v1+json")
)

// Attach puts a document about an image of this repository beside it, as an OCI
// artifact whose subject the image is. It has a digest and no tag: the image's
// own tags stay as they are, and Glue never sees it. A document that is there
// already is left alone.
//
// A registry that does not list an image's artifacts is an error. For these, OCI
// has a tag made of the image's digest that holds an index; such a tag is never
// written, as it would stand among the releases of a repository which may be
// AWS Marketplace's.
func (r *Repository) Attach(ctx context.Context, img v1.Image, artifactType string, content []byte) (digest string, existed bool, err error) {
	layer := static.NewLayer(content, types.MediaType(artifactType))
	config := static.NewLayer([]byte(emptyJSON), emptyJSONType)
	a, err := newArtifact(img, artifactType, config, layer)
	if err != nil {
		return "", false, err
	}
	doing := "attaching the document to " + r.ref.Name()
	m, err := r.Manifest(ctx, a.digest)
	if err != nil {
		return "", false, notAttached(explain(ctx, doing, err, r.ref))
	}
	available, err := r.Available(ctx, []string{a.config, a.layer})
	if err != nil {
		return "", false, notAttached(err)
	}
	for digest, l := range map[string]v1.Layer{a.config: config, a.layer: layer} {
		if _, ok := available[digest]; ok {
			continue
		}
		if err := r.again(ctx, func(ctx context.Context) error { return r.send(ctx, l) }); err != nil {
			return "", false, notAttached(explain(ctx, doing, err, r.ref))
		}
	}
	// What is there is put again: whether it is listed is a part of the question.
	pusher, err := newPusher(r.guard)
	if err != nil {
		return "", false, fmt.Errorf("preparing to push to %s: %w", r.ref.Name(), err)
	}
	if err := r.again(ctx, func(ctx context.Context) error { return pusher.Put(ctx, r.name.Digest(a.digest), a) }); err != nil {
		return "", false, notAttached(explain(ctx, doing, err, r.ref))
	}
	if _, err := r.readBack(ctx, a.digest, a.digest); err != nil {
		return "", false, notAttached(err)
	}
	return a.digest, m != nil, nil
}

// newPusher is ggcr's writer of manifests that are about others. It tries
// everything once, and writes no tag that it was not told to write.
func newPusher(over http.RoundTripper) (*remote.Pusher, error) {
	return remote.NewPusher(remote.WithTransport(over), remote.WithRetryPredicate(never), remote.WithRetryStatusCodes(), remote.WithReferrersTagFallback(false))
}

// notAttached says of an error what it is not.
func notAttached(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err // the run was ended
	}
	hint := "The image is published and whole; only the document is not beside it. Run again, or leave attach-sbom out: " +
		"a registry, and a repository of AWS Marketplace's above all, may refuse artifacts. sbom-file has the same document."
	if e.Kind == Auth && e.hint != "" {
		hint = "The image is published and whole; only the document is not beside it. " + e.hint
	}
	return &Error{Kind: e.Kind, err: e.err, hint: hint}
}

// artifact is an OCI manifest that is about another one.
type artifact struct {
	raw           []byte
	digest        string
	config, layer string // digests of its blobs
}

func (a artifact) RawManifest() ([]byte, error)      { return a.raw, nil }
func (artifact) MediaType() (types.MediaType, error) { return types.OCIManifestSchema1, nil }

func newArtifact(img v1.Image, artifactType string, config, layer v1.Layer) (a artifact, err error) {
	m := v1.Manifest{SchemaVersion: 2, MediaType: types.OCIManifestSchema1, ArtifactType: artifactType}
	var subject v1.Descriptor
	if subject.MediaType, err = img.MediaType(); err != nil {
		return a, err
	}
	if subject.Digest, err = img.Digest(); err != nil {
		return a, err
	}
	if subject.Size, err = img.Size(); err != nil {
		return a, err
	}
	m.Subject = &subject
	if m.Config, err = descriptorOf(config); err != nil {
		return a, err
	}
	l, err := descriptorOf(layer)
	if err != nil {
		return a, err
	}
	m.Layers = []v1.Descriptor{l}
	if a.raw, err = json.Marshal(m); err != nil {
		return a, fmt.Errorf("writing the artifact's manifest: %w", err)
	}
	a.digest, a.config, a.layer = digestOf(a.raw), m.Config.Digest.String(), l.Digest.String()
	return a, nil
}

func descriptorOf(l v1.Layer) (d v1.Descriptor, err error) {
	if d.MediaType, err = l.MediaType(); err != nil {
		return d, err
	}
	if d.Size, err = l.Size(); err != nil {
		return d, err
	}
	d.Digest, err = l.Digest()
	return d, err
}
