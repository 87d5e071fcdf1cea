package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"glue-connector/internal/connector"
)

// BaseImage is an image to build on.
type BaseImage struct {
	Image v1.Image
	// Name is what was asked for, in full: with its registry, and the tag or
	// digest. Repository is it without them.
	Name, Repository string
	// Digest is that of the image for linux/amd64, also where Name is an index.
	Digest string
	// Size is what its layers add to each job's download, in bytes.
	Size   int64
	Layers int
}

// Pinned names the image by digest.
func (b *BaseImage) Pinned() string { return b.Repository + "@" + b.Digest }

// Base gets an image to build on, for linux/amd64, by tag or digest: from ECR
// with the caller's credentials, from any other registry without. Layers are
// fetched when they are read.
func Base(ctx context.Context, image string, config func(context.Context) (aws.Config, error)) (*BaseImage, error) {
	return base(ctx, image, config, newTransport())
}

func base(ctx context.Context, image string, config func(context.Context) (aws.Config, error), over http.RoundTripper) (*BaseImage, error) {
	ref, err := name.ParseReference(image, name.WithDefaultTag("latest"))
	if err != nil {
		return nil, fmt.Errorf("reading image name %q: %w", image, err)
	}
	g := &guard{base: over, limits: defaultLimits}
	repository, inECR := connector.ParseReference(ref.Context().Name())
	if inECR {
		cfg, err := config(ctx)
		if err != nil {
			return nil, err
		}
		r, err := Open(cfg, repository, over)
		if err != nil {
			return nil, err
		}
		g = r.guard
	}
	doing := "getting base image " + image
	d, err := remote.Get(ref,
		remote.WithContext(ctx),
		remote.WithTransport(patient{g}),
		remote.WithPlatform(v1.Platform{OS: "linux", Architecture: "amd64"}),
		remote.WithRetryPredicate(never),
		remote.WithRetryStatusCodes(),
	)
	if err == nil {
		err = checkKind(d)
	}
	b := &BaseImage{Name: ref.Name(), Repository: ref.Context().Name()}
	if err == nil {
		b.Image, err = d.Image()
	}
	if err == nil {
		err = b.measure()
	}
	if err != nil {
		return nil, baseError(ctx, doing, err, repository, inECR)
	}
	return b, nil
}

// checkKind refuses what is no image, nor an index of one.
func checkKind(d *remote.Descriptor) error {
	switch {
	case d.MediaType == types.DockerManifestSchema1, d.MediaType == types.DockerManifestSchema1Signed:
		return &Error{Kind: Unfit, err: errors.New("it is in Docker's schema 1, which no engine writes any more"),
			hint: "Pull it and push it again with a current Docker, or choose another base."}
	case d.MediaType.IsImage():
		return nil
	case !d.MediaType.IsIndex():
		return &Error{Kind: Unfit, err: fmt.Errorf("it is no image but %q", d.MediaType), hint: "Check the name."}
	}
	index, err := d.ImageIndex()
	if err != nil {
		return err
	}
	m, err := index.IndexManifest()
	if err != nil {
		return err
	}
	var has []string
	for _, one := range m.Manifests {
		p := one.Platform
		switch {
		case p == nil: // which counts as linux/amd64 for those who pull it
			return nil
		case p.OS == "linux" && p.Architecture == "amd64":
			return nil
		case p.OS != "unknown" && len(has) < 10: // an attestation has none
			has = append(has, p.OS+"/"+p.Architecture)
		}
	}
	return &Error{Kind: Unfit, err: fmt.Errorf("the index has no image for linux/amd64, which Glue's machines are, but for %q", has),
		hint: "Choose a base that is also built for linux/amd64."}
}

func (b *BaseImage) measure() error {
	digest, err := b.Image.Digest()
	if err != nil {
		return err
	}
	m, err := b.Image.Manifest()
	if err != nil {
		return err
	}
	b.Digest, b.Layers = digest.String(), len(m.Layers)
	for _, l := range m.Layers {
		b.Size += l.Size
	}
	return nil
}

// baseError is explain for an image that is only read.
func baseError(ctx context.Context, doing string, err error, ref connector.Reference, inECR bool) error {
	answer, ok := errors.AsType[*transport.Error](err)
	if ctx.Err() != nil || !ok {
		return explain(ctx, doing, err, ref)
	}
	switch answer.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
	default:
		return explain(ctx, doing, err, ref)
	}
	hint := "Check the name. An image outside of ECR must be public: no credentials are sent there."
	if inECR {
		hint = "Check the name, and allow the role ecr:GetAuthorizationToken on *, and on " + arn(ref) +
			" ecr:BatchGetImage and GetDownloadUrlForLayer."
	}
	return &Error{Kind: Auth, err: fmt.Errorf("%s: %w", doing, err), hint: hint}
}
