package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"glue-connector/internal/connector"
)

// Check compares tags with a digest before anything is uploaded. It tells
// which tags still have to be put; a tag in the way is an error.
func (r *Repository) Check(ctx context.Context, digest string, tags []string, policy Existing) (missing []string, err error) {
	missing, _, err = r.checkTags(ctx, digest, tags, policy)
	return missing, err
}

// checkTags is Check, and returns what it read under the first tag.
func (r *Repository) checkTags(ctx context.Context, digest string, tags []string, policy Existing) (missing []string, first *Manifest, err error) {
	var absent map[string]bool
	if r.foreseen != nil {
		absent, r.foreseen = r.foreseen(), nil
	}
	for i, tag := range tags {
		if absent[tag] {
			missing = append(missing, tag)
			continue
		}
		m, err := r.Manifest(ctx, tag)
		if i == 0 {
			first = m
		}
		switch {
		case err != nil:
			return nil, nil, err
		case m == nil, m.Digest != digest && policy == Overwrite:
			missing = append(missing, tag)
		case m.Digest != digest:
			return nil, nil, &Error{Kind: Conflict,
				err:  fmt.Errorf("tag %s of %s is taken: it holds %s, and this image is %s", tag, r.ref.Name(), m.Digest, digest),
				hint: "Release under a new version or image-tag. Customers' jobs load the tag at every start, so it is not overwritten unless on-existing-tag is overwrite."}
		case policy == Fail:
			return nil, nil, &Error{Kind: Conflict,
				err:  fmt.Errorf("tag %s of %s exists already, with this very image", tag, r.ref.Name()),
				hint: "Nothing is wrong with it; on-existing-tag: skip-identical takes it for done."}
		}
	}
	return missing, first, nil
}

// Plan tells which tags a push would put, or why it would fail, and writes
// nothing. A repository that would be created counts as one without tags.
func (r *Repository) Plan(ctx context.Context, digest string, tags []string, policy Existing, create bool) (missing []string, err error) {
	missing, err = r.Check(ctx, digest, tags, policy)
	if errors.Is(err, errNoRepository) && create && r.ref.Account != connector.MarketplaceRegistry {
		return tags, nil
	}
	return missing, err
}

// What is asked ahead is not worth waiting for long, and an answer has the manifests
// of those tags that are there.
const (
	askTime = 5 * time.Second
	askTags = 10
)

// Ask begins to find out which tags are missing, so that the first look at them, that
// of Push or Plan, need not wait for each in turn. It returns at once, and wait when it
// is done. What it finds serves that look alone: before a tag is put, the registry is
// asked, as it would be by a Glue job.
func (r *Repository) Ask(ctx context.Context, tags []string) (wait func()) {
	if len(tags) > askTags {
		return func() {}
	}
	done := make(chan struct{})
	var absent map[string]bool
	go func() {
		defer close(done)
		ctx, stop := context.WithTimeout(ctx, askTime)
		defer stop()
		absent = r.absent(ctx, tags)
	}()
	r.foreseen = func() map[string]bool { <-done; return absent }
	return func() { <-done }
}

// absent tells which tags ECR's API knows not, all in one call, which takes the same
// permission as to ask the registry for one. Whatever else it says, or does not say,
// decides nothing.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
func (r *Repository) absent(ctx context.Context, tags []string) map[string]bool {
	if checkCredentials(ctx, r.guard.login.credentials) != nil {
		return nil
	}
	ids := make([]types.ImageIdentifier, len(tags))
	for i, tag := range tags {
		ids[i].ImageTag = aws.String(tag)
	}
	out, err := r.api.BatchGetImage(ctx, &ecr.BatchGetImageInput{
		RegistryId: aws.String(r.ref.Account), RepositoryName: aws.String(r.ref.Repository), ImageIds: ids,
	}, func(o *ecr.Options) { o.RetryMaxAttempts = 1 })
	if err != nil {
		return nil
	}
	absent := map[string]bool{}
	for _, f := range out.Failures {
		if f.ImageId != nil && f.FailureCode == types.ImageFailureCodeImageNotFound {
			absent[aws.ToString(f.ImageId.ImageTag)] = true
		}
	}
	for _, i := range out.Images {
		if i.ImageId != nil {
			delete(absent, aws.ToString(i.ImageId.ImageTag))
		}
	}
	return absent
}
