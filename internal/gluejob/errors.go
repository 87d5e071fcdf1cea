package gluejob

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// Kind says in one word what kind of failure it was.
type Kind string

// The kinds of failures.
const (
	Auth   Kind = "auth"   // AWS does not let us
	Remote Kind = "remote" // AWS or the way to it failed
)

// Error is a failure with what to do about it.
type Error struct {
	Kind Kind
	err  error
	hint string
}

// maxMessage is how long a message may be, in characters.
const maxMessage = 500

// query is that of a URL, which may be a signature that opens what it names.
var query = regexp.MustCompile(`\?[^\s"']+`)

// Error is one line of bounded length, as a part of it may be a server's page.
func (e *Error) Error() string {
	s := query.ReplaceAllString(strings.Join(strings.Fields(e.err.Error()), " "), "")
	if r := []rune(s); len(r) > maxMessage {
		s = string(r[:maxMessage-1]) + "…"
	}
	return s
}

func (e *Error) Unwrap() error { return e.err }

// Hint says what to do next, "" if there is nothing to say.
func (e *Error) Hint() string { return e.hint }

// FailureKind is the kind, for a report that knows no Glue.
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

// explain sorts the error of doing something, and adds what to do about it. An error
// of a context that is over says only that.
func (r *Runner) explain(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		return &interrupted{doing: doing, err: over(ctx)}
	}
	out := &Error{Kind: Remote, err: fmt.Errorf("%s: %w", doing, err), hint: "Run again; if it stays, see https://health.aws.amazon.com."}
	e, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		if strings.Contains(err.Error(), "AccessDenied") { // of one object of many
			out.Kind, out.hint = Auth, r.allow(err, "s3:DeleteObject")
		}
		return out
	}
	switch e.ErrorCode() {
	case "AccessDeniedException", "AccessDenied", "Forbidden":
		out.Kind, out.hint = Auth, r.allow(err, "the action")
	case "NoSuchBucket":
		out.Kind, out.hint = Auth, "Check test-s3-prefix: there is no bucket "+r.Bucket+"."
	case "PermanentRedirect", "AuthorizationHeaderMalformed", "MovedPermanently":
		out.Kind, out.hint = Auth, "The bucket is in another region than "+r.region+": give one of the region that the jobs run in."
	case "InvalidInputException":
		out.hint = "Check glue-role: the role has to exist, and to trust glue.amazonaws.com."
	case "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId",
		"SignatureDoesNotMatch", "InvalidSignatureException":
		out.Kind, out.hint = Auth, "The AWS credentials are wrong or have expired: get new ones just before this step."
	case "ResourceNumberLimitExceededException":
		out.hint = "The account has as many Glue jobs or DPUs as it may have: delete some, or have the quota raised."
	}
	return out
}

// over is why a context is over.
func over(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// refused is how AWS says what was not allowed.
var refused = regexp.MustCompile(`not authorized to perform: ([a-z0-9-]+:[A-Za-z]+) on resource: ([!-~]+)`)

// allow is the advice to a refusal, with the action and the resource if it names them.
func (r *Runner) allow(err error, action string) string {
	resource := ""
	if m := refused.FindStringSubmatch(err.Error()); m != nil {
		action, resource = m[1], " on "+m[2]
	}
	return fmt.Sprintf("Allow the role %s%s; the README has the whole policy.", action, resource)
}

func code(err error) string {
	e, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return ""
	}
	return e.ErrorCode()
}

func denied(err error) bool {
	c := code(err)
	return c == "AccessDeniedException" || c == "AccessDenied"
}

// gone tells that there is no such job or run.
func gone(err error) bool { return code(err) == "EntityNotFoundException" }

// noRoom tells that a run was refused for those that are under way, ours or others',
// or that calls come too fast: it was not started, and may be later.
func noRoom(err error) bool {
	switch code(err) {
	case "ConcurrentRunsExceededException", "ResourceNumberLimitExceededException":
		return true
	}
	_, throttle := retry.DefaultThrottleErrorCodes[code(err)]
	return throttle
}

// passing tells that a failure may be over at the next try, and that what was asked
// for may have been done all the same.
func passing(err error) bool {
	c := code(err)
	if e, ok := errors.AsType[smithy.APIError](err); ok && e.ErrorFault() == smithy.FaultServer {
		return true
	}
	return c == "" || c == "InternalServiceException" || c == "OperationTimeoutException" || c == "UnknownError"
}
