package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

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
	Unfit    Kind = "base"     // a base image that nothing can be built on
)

// Error is a failure with what to do about it.
type Error struct {
	Kind Kind
	err  error
	hint string
}

// maxMessage is how long a message may be, in characters.
const maxMessage = 500

// maxSaid is how much of it may be another side's, in characters.
const maxSaid = 300

// query is that of a URL, which may be a signature that opens what it names.
var query = regexp.MustCompile(`\?[^\s"']+`)

// Error is one line of bounded length, as a part of it may be a server's page.
func (e *Error) Error() string {
	return cut(query.ReplaceAllString(strings.Join(strings.Fields(e.err.Error()), " "), ""), maxMessage)
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// said is an error in the words of another side.
type said struct{ error }

// Error cuts what comes after the request's path, which is ours.
func (e said) Error() string {
	text, ours := e.error.Error(), 0
	if t, ok := errors.AsType[*transport.Error](e.error); ok && t.Request != nil {
		if i := strings.Index(text, t.Request.URL.Path); i >= 0 {
			ours = i + len(t.Request.URL.Path)
		}
	}
	return text[:ours] + cut(text[ours:], maxSaid)
}

func (e said) Unwrap() error { return e.error }

func (e *Error) Unwrap() error { return e.err }

// Hint says what to do next, "" if there is nothing to say.
func (e *Error) Hint() string { return e.hint }

// FailureKind is the kind, for a report that knows no registry.
func (e *Error) FailureKind() string { return string(e.Kind) }

// explain sorts the error of doing something, and adds what to do about it. An
// error of a context that is over says only that.
func explain(ctx context.Context, doing string, err error, ref connector.Reference) error {
	if ctx.Err() != nil {
		return &interrupted{doing: doing, err: ended(ctx)}
	}
	inner, explained := errors.AsType[*Error](err)
	if !explained {
		err = said{err}
	}
	err = fmt.Errorf("%s: %w", doing, err)
	if explained {
		return &Error{Kind: inner.Kind, err: err, hint: inner.hint}
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
	case errors.Is(err, errForeignHost), errors.Is(err, errStranger):
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

// interrupted says what was under way when a context ended.
type interrupted struct {
	doing string
	err   error // the context's, with its cause
}

func (e *interrupted) Error() string { return e.doing + ": " + e.err.Error() }
func (e *interrupted) Unwrap() error { return e.err }

// While is what was under way: "pushing to" and where.
func (e *interrupted) While() string { return e.doing }

func explainAPI(err error, e smithy.APIError, ref connector.Reference) error {
	out := &Error{Kind: Remote, err: err}
	switch e.ErrorCode() {
	case "RepositoryNotFoundException":
		return missingRepository(ref, err)
	case "AccessDeniedException", "AccessDenied":
		out.Kind, out.hint = Auth, pushPermissions(ref)
	case "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId",
		"SignatureDoesNotMatch", "InvalidSignatureException":
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
	return fmt.Sprintf("Allow the role ecr:GetAuthorizationToken on *, and on %s %s.", arn(ref), actions)
}

func arn(ref connector.Reference) string {
	partition := "aws"
	switch {
	case strings.HasPrefix(ref.Region, "cn-"):
		partition = "aws-cn"
	case strings.HasPrefix(ref.Region, "us-gov-"):
		partition = "aws-us-gov"
	}
	return fmt.Sprintf("arn:%s:ecr:%s:%s:repository/%s", partition, ref.Region, ref.Account, ref.Repository)
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
	doing := fmt.Errorf("getting AWS credentials: %w", err)
	if e, ok := errors.AsType[interface {
		error
		Hint() string
	}](err); ok { // whoever renews them knows better
		return &Error{Kind: Auth, err: doing, hint: e.Hint()}
	}
	return &Error{Kind: Auth, err: doing,
		hint: "Run aws-actions/configure-aws-credentials before this step, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. A container action does not see the profiles in ~/.aws."}
}
