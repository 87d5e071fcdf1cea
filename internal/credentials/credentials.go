// Package credentials assumes a role of AWS for a run: with an ID token of
// GitHub, new at each attempt, or with credentials that are there already.
//
// An ID token goes to STS and nowhere else; the runner's request token goes to
// the runner's endpoint and nowhere else. Neither is ever part of an error: a
// refusal names the claims of the token and the trust policy that would match.
package credentials

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"sync"
)

// Role is the role to assume, and how.
type Role struct {
	ARN         string
	SessionName string        // what CloudTrail shows
	Duration    time.Duration // 15 minutes to 12 hours; the role has a limit of its own
	// ExternalID goes with credentials only: AWS takes none with an ID token.
	ExternalID string
	// Audience of the ID token; "" for that of AWS in the role's partition.
	Audience string
	// Chain has the role assumed with cfg's credentials also where there are ID
	// tokens to be had.
	Chain  bool
	Runner Runner
}

// Runner is where a job gets ID tokens: ACTIONS_ID_TOKEN_REQUEST_URL and
// ACTIONS_ID_TOKEN_REQUEST_TOKEN, both empty without id-token: write.
type Runner struct{ URL, Token string }

// Offers tells whether there are ID tokens to be had.
func (r Runner) Offers() bool { return r.URL != "" && r.Token != "" }

// The grammars of https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html,
// without the characters of a path that no one uses.
var (
	roleARN = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^arn:(aws(?:-[a-z]+)*):iam::([0-9]{12}):role/(?:[A-Za-z0-9_+=,.@/-]{0,510}/)?[A-Za-z0-9_+=,.@-]{1,64}$`)
	})
	sessionName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{2,64}$`) })
	externalID  = regexp.MustCompile(`^[A-Za-z0-9_+=,.@:/-]+$`)
	audience    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[!-~]{1,255}$`) })
)

// ValidRole tells whether a text is the ARN of a role.
func ValidRole(s string) bool { return roleARN().MatchString(s) }

// ValidSessionName tells whether AWS takes a text for a session's name.
func ValidSessionName(s string) bool { return sessionName().MatchString(s) }

// ValidExternalID tells whether AWS takes a text for an external id.
func ValidExternalID(s string) bool {
	return len(s) >= 2 && len(s) <= 1224 && externalID.MatchString(s)
}

// ValidAudience tells whether a text can be an audience of AWS's identity providers.
func ValidAudience(s string) bool { return audience().MatchString(s) }

// account is the role's.
func (r Role) account() string { return roleARN().FindStringSubmatch(r.ARN)[2] }

func (r Role) partition() string { return roleARN().FindStringSubmatch(r.ARN)[1] }

func (r Role) audience() string {
	switch {
	case r.Audience != "":
		return r.Audience
	case r.partition() == "aws-cn":
		return "sts.amazonaws.com.cn"
	}
	return "sts.amazonaws.com"
}

// Assume assumes a role and returns cfg with its credentials, which are renewed
// before they end. It asks STS in cfg's region, or us-east-1 if that is empty.
func Assume(ctx context.Context, cfg aws.Config, role Role) (aws.Config, error) {
	return assume(ctx, cfg, role, defaultLimits)
}

func assume(ctx context.Context, cfg aws.Config, role Role, l limits) (aws.Config, error) {
	if !ValidRole(role.ARN) {
		return cfg, fmt.Errorf("assuming role %+q: it is no ARN of a role", role.ARN)
	}
	p := &provider{role: role, limits: l}
	if role.Runner.Offers() && !role.Chain {
		tokens, err := newTokens(role.Runner, role.audience(), l)
		if err != nil {
			return cfg, err
		}
		p.tokens = tokens
	} else if err := available(ctx, cfg.Credentials); err != nil {
		return cfg, noSource(ctx, role, err)
	}
	base := cfg.Copy()
	if base.Region == "" {
		base.Region = "us-east-1"
	}
	// One attempt a token: the provider itself repeats.
	p.api = sts.NewFromConfig(base, func(o *sts.Options) { o.Retryer = aws.NopRetryer{} })
	cfg.Credentials = aws.NewCredentialsCache(p, func(o *aws.CredentialsCacheOptions) {
		// No push in good health waits as long between two requests to AWS.
		o.ExpiryWindow, o.ExpiryWindowJitterFrac = 5*time.Minute, 0.5
	})
	cfg.Retryer = eventually(cfg.Retryer)
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		if ctx.Err() != nil {
			return cfg, fmt.Errorf("assuming role %s: %w", role.ARN, ctx.Err())
		}
		if e, ok := errors.AsType[*Error](err); ok {
			return cfg, e // without the cache's words: nothing was cached yet
		}
		return cfg, err
	}
	return cfg, nil
}

func available(ctx context.Context, credentials aws.CredentialsProvider) error {
	if credentials == nil {
		return errors.New("none are configured")
	}
	_, err := credentials.Retrieve(ctx)
	return err
}

// eventually repeats what AWS refuses because it has not heard of a new session
// yet (aws-actions/configure-aws-credentials#1681).
func eventually(base func() aws.Retryer) func() aws.Retryer {
	return func() aws.Retryer {
		var r aws.Retryer
		if base != nil {
			r = base()
		}
		if r == nil {
			r = retry.NewStandard()
		}
		return retry.AddWithErrorCodes(r, "InvalidClientTokenId", "UnrecognizedClientException")
	}
}

// SessionName makes a session's name of what identifies a run, such as its
// number; characters that AWS does not take are left out.
func SessionName(run string) string {
	name := "GlueConnector"
	var b strings.Builder
	for _, r := range run {
		if b.Len() < 40 && ValidSessionName("xx"+string(r)) {
			b.WriteRune(r)
		}
	}
	if b.Len() > 0 {
		name += "-" + b.String()
	}
	return name
}
