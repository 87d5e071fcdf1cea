package marketplace

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
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
	// again tells that the same call may succeed in a while.
	again bool
	// locked tells that a change set has the product.
	locked bool
}

// maxMessage is how long a message may be, in characters.
const maxMessage = 500

// query is that of a URL, which may be a signature that opens what it names.
var query = regexp.MustCompile(`\?[^\s"']+`)

func (e *Error) Error() string { return oneLine(e.err.Error()) }

func oneLine(s string) string {
	s = query.ReplaceAllString(strings.Join(strings.Fields(s), " "), "")
	if r := []rune(s); len(r) > maxMessage {
		s = string(r[:maxMessage-1]) + "…"
	}
	return s
}

func (e *Error) Unwrap() error { return e.err }

// Hint says what to do next, "" if there is nothing to say.
func (e *Error) Hint() string { return e.hint }

// FailureKind is the kind, for a report that knows no Marketplace.
func (e *Error) FailureKind() string { return string(e.Kind) }

// interrupted says what was under way when a context ended.
type interrupted struct {
	doing string
	err   error // the context's, with its cause
}

func (e *interrupted) Error() string { return e.doing + ": " + e.err.Error() }
func (e *interrupted) Unwrap() error { return e.err }

// While is what was under way.
func (e *interrupted) While() string { return e.doing }

// ended is the error of a context that is over, with its cause.
func ended(ctx context.Context, doing string) error {
	err := ctx.Err()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, err) {
		err = fmt.Errorf("%w: %w", err, cause)
	}
	return &interrupted{doing, err}
}

// call makes one call of the API, and makes it again as long as it fails in ways
// that pass and patience lasts.
func call[T any](ctx context.Context, c *Client, doing string, f func(context.Context) (T, error)) (T, error) {
	begun, wait := time.Now(), c.limits.first
	for {
		if err := c.keepDistance(ctx, doing); err != nil {
			var none T
			return none, err
		}
		c.last = time.Now()
		out, err := f(ctx)
		if err == nil {
			return out, nil
		}
		if ctx.Err() != nil {
			return out, ended(ctx, doing)
		}
		e := explain(doing, err)
		if !e.again || !c.waited && time.Since(begun) > c.limits.patience {
			return out, e
		}
		if err := sleep(ctx, doing, jittered(wait)); err != nil {
			return out, err
		}
		wait = min(wait*2, c.limits.longest/2)
	}
}

// explain sorts the error of a call, and adds what to do about it.
func explain(doing string, err error) *Error {
	out := &Error{Kind: Remote, err: fmt.Errorf("%s: %w", doing, err)}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		out.again = true
		out.hint = "Check the network, HTTPS_PROXY and SSL_CERT_FILE, then run again: what was done is found and kept."
		if credentials, ok := errors.AsType[interface {
			error
			Hint() string
		}](err); ok { // whoever renews them knows better
			out.Kind, out.again, out.hint = Auth, false, credentials.Hint()
		}
		return out
	}
	out.err = fmt.Errorf("%s: %s: %s", doing, api.ErrorCode(), api.ErrorMessage())
	out.err = &wrapped{out.err, err}
	status := 0
	if r, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		status = r.HTTPStatusCode()
	}
	switch code := api.ErrorCode(); {
	case code == "ResourceInUseException":
		out.Kind, out.locked = Conflict, true
		out.hint = "Another change set has the product: wait until it has ended, or cancel it in the portal."
	case code == "ThrottlingException", strings.Contains(code, "Throttl"), code == "TooManyRequestsException", status == http.StatusTooManyRequests, status >= 500:
		out.again = true
		out.hint = "Run again; if it stays, see https://health.aws.amazon.com."
	case code == "AccessDeniedException", code == "AccessDenied":
		out.Kind = Auth
		out.hint = "The README has the policy that publish needs: aws-marketplace:StartChangeSet, DescribeChangeSet, ListChangeSets and DescribeEntity, with the credentials of the seller's account; and those that listing and product need."
	case code == "ExpiredTokenException", code == "ExpiredToken", code == "UnrecognizedClientException", code == "InvalidClientTokenId",
		code == "SignatureDoesNotMatch", code == "InvalidSignatureException", code == "MissingAuthenticationTokenException":
		out.Kind = Auth
		out.hint = "The AWS credentials are wrong or have expired: get new ones just before this step."
	case code == "ServiceQuotaExceededException":
		out.hint = "Wait until change sets that run have ended, or ask AWS for a higher quota of the Catalog API."
	case code == "ValidationException":
		out.hint = "AWS does not take the request: dry-run prints it."
	default:
		out.hint = "Run again; if it stays, see https://health.aws.amazon.com."
	}
	return out
}

// wrapped shows one error, and is another.
type wrapped struct {
	shown, err error
}

func (w *wrapped) Error() string { return w.shown.Error() }
func (w *wrapped) Unwrap() error { return w.err }
