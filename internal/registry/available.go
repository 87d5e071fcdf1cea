package registry

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"golang.org/x/sync/errgroup"

	"glue-connector/internal/connector"
)

// maxAsked is how many layers one BatchCheckLayerAvailability takes.
const maxAsked = 100

// Available tells the sizes of those blobs that the repository has. It asks
// ECR's API for a hundred at a time, which needs the same permission as to ask
// the registry for one. Where that is not to be had, it does ask for each.
func (r *Repository) Available(ctx context.Context, digests []string) (map[string]int64, error) {
	digests = slices.Compact(slices.Sorted(slices.Values(digests)))
	all := map[string]int64{}
	for some := range slices.Chunk(digests, maxAsked) {
		sizes, err := r.askAPI(ctx, some)
		// What the API says of repositories that the caller may not describe is not known.
		missing := errors.Is(err, errNoRepository) && r.ref.Account != connector.MarketplaceRegistry
		if err != nil && ctx.Err() == nil && !missing {
			refused := err
			sizes, err = r.askRegistry(ctx, some)
			if kindOf(err) == Auth && kindOf(refused) == Auth {
				err = refused // a HEAD is refused without a word
			}
		}
		if err != nil {
			return nil, err
		}
		maps.Copy(all, sizes)
	}
	return all, nil
}

func kindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

var errUnclear = errors.New("the answer is not about the layers that were asked for")

func (r *Repository) askAPI(ctx context.Context, digests []string) (map[string]int64, error) {
	if err := checkCredentials(ctx, r.guard.login.credentials); err != nil {
		return nil, err
	}
	out, err := r.api.BatchCheckLayerAvailability(ctx, &ecr.BatchCheckLayerAvailabilityInput{
		RegistryId: aws.String(r.ref.Account), RepositoryName: aws.String(r.ref.Repository), LayerDigests: digests,
	}, func(o *ecr.Options) { o.RetryMaxAttempts = 2 })
	if err != nil {
		return nil, explain(ctx, "looking for the layers in "+r.ref.Name(), err, r.ref)
	}
	sizes, told := map[string]int64{}, 0
	for _, l := range out.Layers {
		if !slices.Contains(digests, aws.ToString(l.LayerDigest)) {
			return nil, errUnclear
		}
		told++
		if l.LayerAvailability == types.LayerAvailabilityAvailable && l.LayerSize != nil {
			sizes[*l.LayerDigest] = *l.LayerSize
		}
	}
	if told != len(digests) {
		return nil, errUnclear
	}
	return sizes, nil
}

func (r *Repository) askRegistry(ctx context.Context, digests []string) (map[string]int64, error) {
	var mu sync.Mutex
	sizes := map[string]int64{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2 * jobs)
	for _, digest := range digests {
		group.Go(func() error {
			size, err := r.BlobSize(ctx, digest)
			mu.Lock()
			defer mu.Unlock()
			if size >= 0 && err == nil {
				sizes[digest] = size
			}
			return err
		})
	}
	return sizes, group.Wait()
}

// Lacking compares blobs with what a registry has of them: an error if it lacks
// one, or has it in another size.
func Lacking(blobs, available map[string]int64) error {
	for _, digest := range slices.Sorted(maps.Keys(blobs)) {
		size, ok := available[digest]
		if !ok {
			return fmt.Errorf("the registry does not have layer %s", digest)
		}
		if size != blobs[digest] {
			return fmt.Errorf("the registry has layer %s with %d bytes instead of %d", digest, size, blobs[digest])
		}
	}
	return nil
}
