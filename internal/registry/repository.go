// Package registry puts an image into a repository of Amazon ECR and reads it
// back as a Glue job would.
//
// It never overwrites a tag unless told to, never creates a repository unless
// told to and never in AWS Marketplace's registry, and takes no upload for done
// before the registry has returned the same bytes. Credentials and layers go to
// the host of the given reference only. It judges no connector.
package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-containerregistry/pkg/name"

	"glue-connector/internal/connector"
)

// Repository is one repository of ECR, logged in to.
type Repository struct {
	ref   connector.Reference
	name  name.Repository
	api   *ecr.Client
	guard *guard
	http  *http.Client
	mount *Repository // that blobs may be taken over from, nil for none
	// foreseen are the tags that Ask did not find, for the first look at them; nil
	// once it was called, or if nothing was asked.
	foreseen func() map[string]bool

	// Observe is told how far the blobs of a push are, one call at a time, if it
	// is not nil. It begins with one call for each blob, and must return soon.
	Observe func(Progress)
}

// Open prepares to work with the repository of ref. It makes no request yet.
// A nil transport means one with the time-outs of this package that honours
// the proxy of the environment.
func Open(cfg aws.Config, ref connector.Reference, transport http.RoundTripper) (*Repository, error) {
	n, err := name.NewRepository(ref.Name(), name.StrictValidation)
	if err != nil {
		return nil, fmt.Errorf("reading repository name %q: %w", ref.Name(), err)
	}
	if transport == nil {
		transport = newTransport()
	}
	api := ecr.NewFromConfig(cfg, func(o *ecr.Options) { o.Region = ref.Region })
	g := newGuard(transport, ref, &login{api: api, account: ref.Account, credentials: cfg.Credentials})
	return &Repository{ref: ref, name: n, api: api, guard: g, http: &http.Client{Transport: g}}, nil
}

// Warm logs in and connects, so that what follows need not wait for it. It says
// nothing of what fails: whatever needs it meets the same. It returns at once, and
// wait when it is done.
func (r *Repository) Warm(ctx context.Context) (wait func()) {
	var all sync.WaitGroup
	all.Go(func() { r.guard.login.token(ctx) })
	all.Go(func() { r.guard.meet(ctx) })
	return all.Wait
}

// Close closes connections that nobody uses any more.
func (r *Repository) Close() {
	if c, ok := r.guard.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// CallerAccount asks STS whose credentials these are.
func CallerAccount(ctx context.Context, cfg aws.Config) (string, error) {
	if err := checkCredentials(ctx, cfg.Credentials); err != nil {
		return "", err
	}
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", explain(ctx, "asking STS for the account", err, connector.Reference{})
	}
	if aws.ToString(out.Account) == "" {
		return "", &Error{Kind: Remote, err: errors.New("asking STS for the account: the answer holds none")}
	}
	return *out.Account, nil
}

// Create makes the repository if it is missing, with tags that cannot be overwritten
// and scan on push. Where it is not called, a push is told of a missing one by its
// look at the tag, before anything is uploaded: on an upload ECR drops the connection
// (aws/containers-roadmap#1970).
func (r *Repository) Create(ctx context.Context) (created bool, err error) {
	if r.ref.Account == connector.MarketplaceRegistry {
		return false, nil // sellers may not describe or create there
	}
	if err := checkCredentials(ctx, r.guard.login.credentials); err != nil {
		return false, err
	}
	exists, err := r.describe(ctx)
	hidden := denied(err) // not needed for a push: the registry will say, too
	_, missing := errors.AsType[*types.RepositoryNotFoundException](err)
	switch {
	case err == nil && !exists:
		return false, &Error{Kind: Remote, err: fmt.Errorf("looking up repository %s: the answer holds none", r.ref.Name())}
	case err == nil:
		return false, nil
	case !hidden && !missing:
		return false, explain(ctx, "looking up repository "+r.ref.Name(), err, r.ref)
	}
	made, err := r.api.CreateRepository(ctx, &ecr.CreateRepositoryInput{
		RegistryId:                 aws.String(r.ref.Account),
		RepositoryName:             aws.String(r.ref.Repository),
		ImageTagMutability:         types.ImageTagMutabilityImmutable,
		ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: true},
	})
	_, there := errors.AsType[*types.RepositoryAlreadyExistsException](err)
	switch {
	case err == nil && made.Repository == nil:
		return false, &Error{Kind: Remote, err: fmt.Errorf("creating repository %s: the answer holds none", r.ref.Name())}
	case err == nil:
		return true, nil
	case there, hidden && denied(err):
		return false, nil
	case denied(err):
		return false, &Error{Kind: Auth, err: fmt.Errorf("creating repository %s: %w", r.ref.Name(), err),
			hint: fmt.Sprintf("Allow the role ecr:CreateRepository on %s, or create the repository beforehand.", arn(r.ref))}
	}
	return false, explain(ctx, "creating repository "+r.ref.Name(), err, r.ref)
}

func (r *Repository) describe(ctx context.Context) (exists bool, err error) {
	out, err := r.api.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{
		RegistryId: aws.String(r.ref.Account), RepositoryNames: []string{r.ref.Repository},
	})
	return err == nil && len(out.Repositories) > 0, err
}

// Uploaded is the number of bytes of blobs sent so far, retries included.
func (r *Repository) Uploaded() int64 { return r.guard.uploaded.Load() }
