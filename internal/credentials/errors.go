package credentials

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Kind says in one word what kind of failure it was.
type Kind string

// The kinds of failures.
const (
	Auth   Kind = "auth"   // AWS or GitHub does not let us
	Remote Kind = "remote" // AWS, GitHub, or the way to them failed
	Inputs Kind = "inputs" // there is nothing to assume the role with
)

// Error is a failure with what to do about it. Its text is one line of ASCII of
// bounded length, and holds no token.
type Error struct {
	Kind    Kind
	doing   string
	err     error
	hint    string
	secrets []string // kept out of the text
	again   bool     // it may go away by itself
	refused bool     // STS has heard us, and says no
	wait    time.Duration
}

// maxMessage is how long what a server says may be, in characters.
const maxMessage = 300

// query is that of a URL, which may be a signature that opens what it names.
var query = regexp.MustCompile(`\?[^\s"']+`)

func (e *Error) Error() string {
	s := e.err.Error()
	for _, secret := range e.secrets {
		s = strings.ReplaceAll(s, secret, "***")
	}
	s = query.ReplaceAllString(strings.Join(strings.Fields(s), " "), "")
	if r := []rune(s); len(r) > maxMessage {
		s = string(r[:maxMessage-1]) + "..."
	}
	s = strconv.QuoteToASCII(s)
	return e.doing + ": " + strings.ReplaceAll(s[1:len(s)-1], `\"`, `"`)
}

func (e *Error) Unwrap() error { return e.err }

// Hint says what to do next, "" if there is nothing to say. It is longer than
// those of others: one that tells of a refusal ends with a trust policy.
func (e *Error) Hint() string { return e.hint }

// FailureKind is the kind, for a report that knows no credentials.
func (e *Error) FailureKind() string { return string(e.Kind) }

// noSource is for a role that there is nothing to assume with.
func noSource(ctx context.Context, role Role, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("assuming role %s: %w", role.ARN, ctx.Err())
	}
	e := &Error{Kind: Inputs, doing: "assuming role " + role.ARN}
	if role.Chain {
		e.err = errors.New("there are no credentials to assume it with")
		e.hint = "Leave role-chaining out to use GitHub's ID token, or run aws-actions/configure-aws-credentials before this step."
		return e
	}
	e.err = errors.New("the job has neither the permission id-token: write nor AWS credentials to assume it with")
	e.hint = "Add id-token: write to the job's permissions; contents: read has to be named beside it. The jobs of a fork's pull request get no ID token."
	return e
}

// explain sorts the error of an attempt, and adds what to do about it.
func (p *provider) explain(err error, token string) *Error {
	out := &Error{Kind: Remote, doing: "assuming role " + p.role.ARN, err: err, again: true}
	if p.tokens != nil {
		out.secrets = append(out.secrets, p.tokens.token)
	}
	if token != "" {
		out.secrets = append(append(out.secrets, token), strings.Split(token, ".")...)
	}
	if e, ok := errors.AsType[*tokenError](err); ok {
		out.doing, out.err = "getting an ID token from GitHub", e.error
		out.explainToken()
		return out
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		out.err = fmt.Errorf("%s: %s", api.ErrorCode(), api.ErrorMessage())
		p.explainSTS(out, api, err, token)
		return out
	}
	if e, ok := errors.AsType[*smithyhttp.RequestSendError](err); ok {
		out.err = e.Err
	}
	out.hint = "Check the network, HTTPS_PROXY and SSL_CERT_FILE."
	return out
}

// explainToken judges an answer of the runner's endpoint.
func (e *Error) explainToken() {
	r, ok := errors.AsType[*reply](e.err)
	if !ok {
		e.hint = "Check the network, HTTPS_PROXY and SSL_CERT_FILE."
		return
	}
	e.wait = r.wait
	switch {
	case r.status == http.StatusUnauthorized, r.status == http.StatusForbidden, r.status == http.StatusNotFound, r.status == http.StatusBadRequest:
		e.Kind, e.again = Auth, false
		e.hint = "Check that the job has the permission id-token: write, and has not ended or been cancelled."
	case r.status == http.StatusOK, r.status >= 300 && r.status < 400:
		e.again = false
		e.hint = "Check that no proxy answers in GitHub's place."
	default:
		e.hint = "Run again; if it stays, see https://www.githubstatus.com."
	}
}

// explainSTS judges a refusal of STS: by code, and where one code has several
// causes by the words, which have been the same for years.
func (p *provider) explainSTS(out *Error, api smithy.APIError, err error, token string) {
	says := func(part string) bool { return strings.Contains(api.ErrorMessage(), part) }
	status := 0
	if r, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		status = r.HTTPStatusCode()
	}
	out.Kind, out.refused = Auth, true
	switch code := strings.TrimSuffix(api.ErrorCode(), "Exception"); {
	case code == "InvalidIdentityToken" && says("verification key"), code == "IDPCommunicationError":
		out.Kind, out.refused = Remote, false
		out.hint = "AWS could not reach GitHub to check the ID token: run again."
	case code == "InvalidIdentityToken" && says("No OpenIDConnect provider"):
		out.again = false
		out.hint = p.missingProvider(token)
	case code == "InvalidIdentityToken" && says("audience"):
		out.again = false
		out.hint = p.wrongAudience(token)
	case code == "AccessDenied", code == "InvalidIdentityToken", code == "IDPRejectedClaim", code == "ExpiredToken":
		out.hint = p.mismatch(code, token)
	case says("DurationSeconds"):
		out.Kind, out.again = Inputs, false
		out.hint = fmt.Sprintf("Lower role-duration-seconds from %d, or raise the role's maximum session duration.", int(p.role.Duration.Seconds()))
		if p.tokens == nil {
			out.hint += " A role that is assumed with the credentials of another role ends after an hour at most."
		}
	case code == "RegionDisabled":
		out.again = false
		out.hint = "Activate STS for this region in the role's account, in IAM's account settings."
	case code == "InvalidClientTokenId", code == "UnrecognizedClient", code == "SignatureDoesNotMatch":
		out.hint = "The AWS credentials in the environment are wrong or have expired: get new ones just before this step."
	case status >= 500, strings.Contains(code, "Thrott"), code == "TooManyRequests", code == "RequestLimitExceeded", code == "ServiceUnavailable":
		out.Kind, out.refused = Remote, false
		out.hint = "Run again; if it stays, see https://health.aws.amazon.com."
	default:
		out.again = false
		out.hint = "Check role-to-assume and the inputs whose names begin with role-."
	}
}

// mismatch is the hint for a refusal without a reason: AWS says the same of a
// role that does not exist.
func (p *provider) mismatch(code, token string) string {
	if p.tokens == nil {
		hint := "The role does not exist, or it does not trust the credentials in the environment; AWS does not say which. " +
			"Let its trust policy allow them sts:AssumeRole"
		if p.role.ExternalID != "" {
			hint += " with this external id"
		}
		return hint + ", and allow them sts:AssumeRole on " + p.role.ARN + "."
	}
	why := "The role does not exist, or its trust policy does not match; AWS does not say which."
	switch code {
	case "ExpiredToken":
		why = "The ID token was new and had ended when it arrived: something holds requests to AWS up."
	case "InvalidIdentityToken", "IDPRejectedClaim":
		why = "AWS does not take the ID token."
	}
	return why + p.facts(token)
}

func (p *provider) missingProvider(token string) string {
	c, _ := parseClaims(token)
	url := "https://" + c.provider()
	return fmt.Sprintf("Account %s has no identity provider for GitHub: aws iam create-open-id-connect-provider --url %s --client-id-list %s.",
		p.role.account(), url, p.role.audience()) + p.facts(token)
}

func (p *provider) wrongAudience(token string) string {
	c, _ := parseClaims(token)
	return fmt.Sprintf("The identity provider %s of account %s does not have the audience %s: add it there, or set the input audience to one that it has.",
		c.provider(), p.role.account(), quote(p.role.audience())) + p.facts(token)
}

// facts are the claims, and the trust policy that would match them.
func (p *provider) facts(token string) string {
	c, err := parseClaims(token)
	if err != nil {
		return " " + strings.ToUpper(err.Error()[:1]) + err.Error()[1:] + "."
	}
	text := " GitHub says of this job: " + c.String() + "."
	if policy := c.trustPolicy(p.role); policy != "" {
		text += " If such a job may assume the role, this trust policy lets it: " + policy
	}
	return text
}
