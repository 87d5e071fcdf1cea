package pullrequest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v60/github"
)

// Kind says in one word why there is no comment.
type Kind string

// The kinds of failures.
const (
	ReadOnly     Kind = "read-only"    // the token may not comment: that of a fork's pull request, for one
	Locked       Kind = "locked"       // the conversation is
	NotFound     Kind = "not-found"    // no such pull request, or none that the token may see
	Unauthorized Kind = "unauthorized" // the token is wrong or has expired
	RateLimited  Kind = "rate-limited" // for longer than we wait
	Unavailable  Kind = "unavailable"  // GitHub, or the way to it, failed, or time ran out
	Invalid      Kind = "invalid"      // we asked for what cannot be
)

// Error is a failure with what to do about it. Its text is one line of ASCII of
// bounded length, without the token and without queries of URLs.
type Error struct {
	Kind  Kind
	doing string
	err   error
	hint  string
	again bool          // it may go away by itself
	wait  time.Duration // that GitHub asks for
	token string        // kept out of the text
}

const maxText = 300 // characters

// query is that of a URL, which may be a signature that opens what it names.
var query = regexp.MustCompile(`\?[^\s"']+`)

func (e *Error) Error() string {
	return e.doing + ": " + line(e.err.Error(), e.token)
}

func (e *Error) Unwrap() error { return e.err }

// Hint says what to do next, "" if there is nothing to say.
func (e *Error) Hint() string { return e.hint }

// FailureKind is the kind, for a report that knows no pull requests.
func (e *Error) FailureKind() string { return string(e.Kind) }

// line makes any text one line of ASCII of bounded length.
func line(s, token string) string {
	if token != "" {
		s = strings.ReplaceAll(s, token, "***")
	}
	s = query.ReplaceAllString(strings.Join(strings.Fields(s), " "), "")
	var b strings.Builder
	for _, r := range s {
		if b.Len() >= maxText {
			b.WriteString("...")
			break
		}
		if r >= ' ' && r <= '~' {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}

func invalid(doing string, err error, hint string) *Error {
	return &Error{Kind: Invalid, doing: doing, err: err, hint: hint}
}

// explain sorts what go-github returned.
func (c *Client) explain(ctx context.Context, doing string, err error) *Error {
	out := &Error{Kind: Unavailable, doing: doing, err: err, token: c.token, again: true}
	if ctx.Err() != nil {
		out.err, out.again = fmt.Errorf("ended before it was done: %w", ctx.Err()), false
		return out
	}
	if r, ok := replyOf(err); ok {
		out.err = r
		c.judge(out, r)
		return out
	}
	out.hint = "Check https://www.githubstatus.com, the network, HTTPS_PROXY and SSL_CERT_FILE."
	switch {
	case errors.Is(err, errForeign), errors.Is(err, errMethod), errors.Is(err, errLoop):
		out.again = false
		out.hint = "Check GITHUB_API_URL, and that no proxy answers in GitHub's place."
	case errors.Is(err, errPages), errors.Is(err, errTooLarge):
		out.again = false
	}
	return out
}

// reply is an answer of GitHub that is no success.
type reply struct {
	status  int
	message string
	header  http.Header
	err     error
}

func (r *reply) Error() string {
	if r.message == "" {
		return fmt.Sprintf("GitHub answers %d", r.status)
	}
	return fmt.Sprintf("GitHub answers %d: %s", r.status, strconv.QuoteToASCII(r.message))
}

func (r *reply) Unwrap() error { return r.err }

func replyOf(err error) (*reply, bool) {
	r := &reply{header: http.Header{}, err: err}
	var resp *http.Response
	if e, ok := errors.AsType[*github.RateLimitError](err); ok {
		r.message, resp = e.Message, e.Response
		if resp.Header.Get("X-RateLimit-Reset") == "" { // go-github's own answer: nothing was sent
			r.header.Set("X-RateLimit-Remaining", "0")
			r.header.Set("X-RateLimit-Reset", strconv.FormatInt(e.Rate.Reset.Unix(), 10))
		}
	} else if e, ok := errors.AsType[*github.AbuseRateLimitError](err); ok {
		r.message, resp = e.Message, e.Response
		if e.RetryAfter != nil {
			r.header.Set("Retry-After", strconv.Itoa(int(e.RetryAfter.Seconds())+1))
		}
	} else if e, ok := errors.AsType[*github.TwoFactorAuthError](err); ok {
		r.message, resp = e.Message, e.Response
	} else if e, ok := errors.AsType[*github.ErrorResponse](err); ok {
		r.message, resp = e.Message, e.Response
		for _, f := range e.Errors {
			if f.Message != "" {
				r.message += ": " + f.Message
			}
		}
	} else if errors.As(err, new(*github.AcceptedError)) {
		r.status = http.StatusAccepted
		return r, true
	}
	if resp == nil {
		return nil, false
	}
	r.status = resp.StatusCode
	for k, v := range resp.Header {
		if r.header[k] == nil {
			r.header[k] = v
		}
	}
	return r, true
}

// judge tells the kind of a failure, and whether to try again. The statuses are in
// https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api.
func (c *Client) judge(e *Error, r *reply) {
	message := strings.ToLower(r.message)
	e.again = false
	wait, limited := c.limited(r, message)
	switch {
	case limited:
		e.Kind, e.wait, e.again = RateLimited, wait, wait <= c.limits.longest
		e.hint = "The rate limit of the token is used up for now: run again later."
	case r.status == http.StatusUnauthorized:
		e.Kind, e.hint = Unauthorized, "The token is wrong or has expired: pass github-token: ${{ github.token }}."
	case r.status == http.StatusForbidden && strings.Contains(message, "locked"):
		e.Kind, e.hint = Locked, "The conversation is locked; the report is in the job summary."
	case r.status == http.StatusForbidden && r.message != "":
		e.Kind, e.hint = ReadOnly, "Give the job permissions: pull-requests: write. The token of a fork's or Dependabot's pull request only reads whatever the workflow says; the report is in the job summary."
	case r.status == http.StatusNotFound, r.status == http.StatusGone:
		e.Kind, e.hint = NotFound, "Check the number of the pull request, and that the token may see the repository."
	case r.status == http.StatusUnprocessableEntity, r.status == http.StatusBadRequest:
		e.Kind = Invalid
	default:
		e.again = r.status == http.StatusRequestTimeout || r.status >= 500 && r.status != http.StatusNotImplemented
		if e.wait, _ = retryAfter(r.header); e.wait > c.limits.longest {
			e.again = false
		}
		e.hint = "Check https://www.githubstatus.com, and that no proxy answers in GitHub's place."
	}
}

// limited tells a rate limit from a lack of permission, which may be said by the
// last call that the limit allows.
func (c *Client) limited(r *reply, message string) (wait time.Duration, ok bool) {
	wait, asked := retryAfter(r.header)
	named := strings.Contains(message, "rate limit") || strings.Contains(message, "abuse detection")
	spent := r.header.Get("X-RateLimit-Remaining") == "0" && !strings.Contains(message, "not accessible") && !strings.Contains(message, "locked")
	switch {
	case r.status == http.StatusTooManyRequests:
	case r.status == http.StatusForbidden && (named || spent || asked):
	default:
		return 0, false
	}
	if asked {
		return wait, true
	}
	if reset, err := strconv.ParseInt(r.header.Get("X-RateLimit-Reset"), 10, 64); spent && err == nil {
		return max(time.Until(time.Unix(reset, 0)), 0) + time.Second, true
	}
	return c.limits.secondary, true
}

// retryAfter is the header of that name: seconds, or a date.
func retryAfter(h http.Header) (wait time.Duration, ok bool) {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(time.Until(at), 0), true
	}
	return 0, false
}
