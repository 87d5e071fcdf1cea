package registry

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

// Published is an image that is in the repository.
type Published struct {
	Tag    string
	Digest string
	Size   int64 // bytes, as ECR counts them
	Pushed time.Time
}

// maxPages bounds the look through a repository, a thousand images a page.
const maxPages = 100

// Previous finds the tagged image that was pushed last, other than the one of
// the given digest; nil if there is none, or if the caller may not ask, which
// takes ecr:DescribeImages.
func (r *Repository) Previous(ctx context.Context, digest string) (*Published, error) {
	if err := checkCredentials(ctx, r.guard.login.credentials); err != nil {
		return nil, err
	}
	pages := ecr.NewDescribeImagesPaginator(r.api, &ecr.DescribeImagesInput{
		RegistryId: aws.String(r.ref.Account), RepositoryName: aws.String(r.ref.Repository),
		Filter: &types.DescribeImagesFilter{TagStatus: types.TagStatusTagged}, MaxResults: aws.Int32(1000),
	})
	var last *Published
	for n := 0; pages.HasMorePages() && n < maxPages; n++ {
		page, err := pages.NextPage(ctx)
		if _, missing := errors.AsType[*types.RepositoryNotFoundException](err); missing || denied(err) {
			return nil, nil
		}
		if err != nil {
			return nil, explain(ctx, "looking for the image before in "+r.ref.Name(), err, r.ref)
		}
		for _, i := range page.ImageDetails {
			pushed := aws.ToTime(i.ImagePushedAt)
			if aws.ToString(i.ImageDigest) == digest || len(i.ImageTags) == 0 || last != nil && !pushed.After(last.Pushed) {
				continue
			}
			slices.SortFunc(i.ImageTags, func(a, b string) int { return strings.Compare(b, a) })
			last = &Published{Tag: i.ImageTags[0], Digest: aws.ToString(i.ImageDigest), Size: aws.ToInt64(i.ImageSizeInBytes), Pushed: pushed}
		}
	}
	return last, nil
}
