package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/smithy-go"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"glue-connector/internal/connector"
)

// Kind says in one word what kind of failure it was.
type Kind string

// The kinds of failures.
const (
	Auth     Kind = "auth"     // AWS does not let us
	Remote   Kind = "remote"   // AWS or the way to it failed
	Conflict Kind = "conflict" // something else is there already
)

// Error is a failure with what to do about it.
type Error struct {
	Kind Kind
	err  error
	hint string
}

func (e *Error) Error() string { return e.err.Error() }
func (e *Error) Unwrap() error { return e.err }

// Hint says what to do next, "" if there is nothing to say.
func (e *Error) Hint() string { return e.hint }

// FailureKind is the kind, for a report that knows no registry.
func (e *Error) FailureKind() string { return string(e.Kind) }

// explain sorts an error and adds what to do about it.
func explain(err error, ref connector.Reference) error {
	if _, done := errors.AsType[*Error](err); done || err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return explainAPI(err, e, ref)
	}
	if hasCode(err, transport.NameUnknownErrorCode) {
		return missingRepository(ref, err)
	}
	out := &Error{Kind: Remote, err: err}
	switch e, _ := errors.AsType[*transport.Error](err); {
	case errors.Is(err, errBearer):
		out.Kind = Auth
		out.hint = "Check that no proxy answers in the registry's place."
	case errors.Is(err, errForeignHost):
		out.hint = "Check that no proxy answers in the registry's place."
	case e == nil:
		out.hint = "Check the network, HTTPS_PROXY and SSL_CERT_FILE, then run again: what was uploaded is kept."
	case e.StatusCode == http.StatusUnauthorized, e.StatusCode == http.StatusForbidden:
		out.Kind = Auth
		out.hint = pushPermissions(ref)
	case hasCode(err, "TAG_INVALID"):
		out.Kind = Conflict
		out.hint = "The tag is taken and cannot be overwritten here: release under a new tag."
	case e.StatusCode == http.StatusRequestEntityTooLarge, e.StatusCode == http.StatusInsufficientStorage:
		out.hint = "The registry, or a proxy before it, does not take a layer of this size."
	default:
		out.hint = "Run again: what was uploaded is kept."
	}
	return out
}

func explainAPI(err error, e smithy.APIError, ref connector.Reference) error {
	out := &Error{Kind: Remote, err: err}
	switch e.ErrorCode() {
	case "AccessDeniedException", "AccessDenied":
		out.Kind, out.hint = Auth, pushPermissions(ref)
	case "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId", "SignatureDoesNotMatch":
		out.Kind, out.hint = Auth, "The AWS credentials are wrong or have expired: get new ones just before this step."
	default:
		out.hint = "Run again; if it stays, see https://health.aws.amazon.com."
	}
	return out
}

func denied(err error) bool {
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && (e.ErrorCode() == "AccessDeniedException" || e.ErrorCode() == "AccessDenied")
}

func pushPermissions(ref connector.Reference) string {
	const actions = "ecr:BatchCheckLayerAvailability, InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload, PutImage, BatchGetImage and GetDownloadUrlForLayer"
	if ref.Repository == "" {
		return "Allow the role ecr:GetAuthorizationToken on *, and on the repository " + actions + "."
	}
	return fmt.Sprintf("Allow the role ecr:GetAuthorizationToken on *, and on arn:aws:ecr:%s:%s:repository/%s %s.",
		ref.Region, ref.Account, ref.Repository, actions)
}

var errNoRepository = errors.New("the repository does not exist")

func missingRepository(ref connector.Reference, err error) error {
	hint := fmt.Sprintf("Check account %s, region %s and name %s; or let it be created with create-repository: true.", ref.Account, ref.Region, ref.Repository)
	if ref.Account == connector.MarketplaceRegistry {
		hint = "Check the name. A repository of AWS Marketplace is added to the product in the portal, or by the change type AddRepositories."
	}
	return &Error{Kind: Auth, err: fmt.Errorf("%w: %s: %w", errNoRepository, ref.Name(), err), hint: hint}
}

func noCredentials(err error) error {
	return &Error{Kind: Auth, err: fmt.Errorf("getting AWS credentials: %w", err),
		hint: "Run aws-actions/configure-aws-credentials before this step, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. A container action does not see the profiles in ~/.aws."}
}
