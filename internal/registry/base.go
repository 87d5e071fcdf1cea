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

	"glue-connector/internal/connector"
)

// Base gets an image to build on, for linux/amd64, by tag or digest: from ECR
// with the caller's credentials, from any other registry without. It returns
// the name with the digest, too. Layers are fetched when they are read.
func Base(ctx context.Context, image string, config func(context.Context) (aws.Config, error)) (v1.Image, string, error) {
	return base(ctx, image, config, newTransport())
}

func base(ctx context.Context, image string, config func(context.Context) (aws.Config, error), over http.RoundTripper) (v1.Image, string, error) {
	ref, err := name.ParseReference(image, name.WithDefaultTag("latest"))
	if err != nil {
		return nil, "", fmt.Errorf("reading image name %q: %w", image, err)
	}
	g := &guard{base: over, limits: defaultLimits}
	repository, inECR := connector.ParseReference(ref.Context().Name())
	if inECR {
		cfg, err := config(ctx)
		if err != nil {
			return nil, "", err
		}
		r, err := Open(cfg, repository, over)
		if err != nil {
			return nil, "", err
		}
		g = r.guard
	}
	doing := "getting base image " + image
	img, err := remote.Image(ref,
		remote.WithContext(ctx),
		remote.WithTransport(patient{g}),
		remote.WithPlatform(v1.Platform{OS: "linux", Architecture: "amd64"}),
		remote.WithRetryPredicate(never),
		remote.WithRetryStatusCodes(),
	)
	if err != nil {
		return nil, "", baseError(ctx, doing, err, repository, inECR)
	}
	digest, err := img.Digest()
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", doing, err)
	}
	return img, ref.Context().Digest(digest.String()).String(), nil
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
