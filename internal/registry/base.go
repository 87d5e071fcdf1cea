package registry

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"glue-connector/internal/connector"
)

// Base gets an image to build on, for linux/amd64, by tag or digest: from ECR
// with the caller's credentials, from any other registry without. It returns
// the name with the digest, too. Layers are fetched when they are read.
func Base(ctx context.Context, image string, config func(context.Context) (aws.Config, error)) (v1.Image, string, error) {
	ref, err := name.ParseReference(image, name.WithDefaultTag("latest"))
	if err != nil {
		return nil, "", fmt.Errorf("reading image name %q: %w", image, err)
	}
	options := []remote.Option{
		remote.WithContext(ctx),
		remote.WithPlatform(v1.Platform{OS: "linux", Architecture: "amd64"}),
		remote.WithRetryPredicate(temporary),
	}
	if ecr, ok := connector.ParseReference(strings.TrimSuffix(ref.Context().Name(), "/")); ok {
		cfg, err := config(ctx)
		if err != nil {
			return nil, "", err
		}
		r, err := Open(cfg, ecr, nil)
		if err != nil {
			return nil, "", err
		}
		options = append(options, remote.WithTransport(r.guard), remote.WithAuth(r.login))
	} else {
		options = append(options, remote.WithTransport(newTransport()))
	}
	img, err := remote.Image(ref, options...)
	if err != nil {
		return nil, "", explain(fmt.Errorf("getting base image %s: %w", image, err), connector.Reference{})
	}
	digest, err := img.Digest()
	if err != nil {
		return nil, "", fmt.Errorf("getting base image %s: %w", image, err)
	}
	return img, ref.Context().Digest(digest.String()).String(), nil
}
