package credentials

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/sethvargo/go-retry"
)

// limits are the times that things may take. Tests shorten them.
type limits struct {
	call    time.Duration // one request for an ID token, or to STS
	total   time.Duration // all attempts, with the waits between them
	backoff time.Duration // before the second attempt; it doubles up to longest
	longest time.Duration // wait between attempts, also one that GitHub asks for
}

var defaultLimits = limits{call: 15 * time.Second, total: 2 * time.Minute, backoff: 500 * time.Millisecond, longest: 10 * time.Second}

const (
	// repeats is how often an attempt that failed is repeated.
	repeats = 7
	// refusals is how many attempts may be refused: where many jobs ask at once,
	// STS refuses some that it takes a moment later
	// (aws-actions/configure-aws-credentials#929).
	refusals = 3
)

// provider assumes the role each time it is asked.
type provider struct {
	role   Role
	tokens *tokens // nil to use the credentials of api
	api    *sts.Client
	limits limits
}

// Retrieve assumes the role. Each attempt has an ID token of its own: one lives
// for minutes, and attempts may take longer
// (aws-actions/configure-aws-credentials#1848).
func (p *provider) Retrieve(ctx context.Context) (aws.Credentials, error) {
	whole, cancel := context.WithTimeout(ctx, p.limits.total)
	defer cancel()
	var (
		out     aws.Credentials
		last    *Error
		asked   time.Duration
		refused int
	)
	steps := retry.WithMaxRetries(repeats, retry.WithCappedDuration(p.limits.longest,
		retry.WithJitterPercent(30, retry.NewExponential(p.limits.backoff))))
	waits := retry.BackoffFunc(func() (time.Duration, bool) {
		wait, stop := steps.Next()
		wait = max(wait, min(asked, p.limits.longest))
		end, _ := whole.Deadline()
		return wait, stop || time.Until(end) <= wait
	})
	err := retry.Do(whole, waits, func(ctx context.Context) (err error) {
		var token string
		if out, token, err = p.attempt(ctx); err == nil {
			return nil
		}
		last = p.explain(err, token)
		if last.refused {
			refused++
		}
		asked = last.wait
		if last.again && refused < refusals {
			return retry.RetryableError(last)
		}
		return last
	})
	switch {
	case err == nil:
		return out, nil
	case ctx.Err() != nil:
		return out, fmt.Errorf("assuming role %s: %w", p.role.ARN, ctx.Err())
	case last != nil:
		return out, last
	}
	return out, p.explain(err, "")
}

// attempt makes one attempt and returns the token that it was made with, for
// the sake of its claims.
func (p *provider) attempt(ctx context.Context) (aws.Credentials, string, error) {
	if p.tokens == nil {
		ctx, cancel := context.WithTimeout(ctx, p.limits.call)
		defer cancel()
		c, err := stscreds.NewAssumeRoleProvider(p.api, p.role.ARN, func(o *stscreds.AssumeRoleOptions) {
			o.RoleSessionName, o.Duration = p.role.SessionName, p.role.Duration
			if p.role.ExternalID != "" {
				o.ExternalID = aws.String(p.role.ExternalID)
			}
		}).Retrieve(ctx)
		return c, "", err
	}
	token, err := p.tokens.get(ctx)
	if err != nil {
		return aws.Credentials{}, "", err
	}
	ctx, cancel := context.WithTimeout(ctx, p.limits.call)
	defer cancel()
	c, err := stscreds.NewWebIdentityRoleProvider(p.api, p.role.ARN, ready(token), func(o *stscreds.WebIdentityRoleOptions) {
		o.RoleSessionName, o.Duration = p.role.SessionName, p.role.Duration
	}).Retrieve(ctx)
	if err == nil && (c.AccessKeyID == "" || c.SecretAccessKey == "" || c.SessionToken == "") {
		err = errors.New("the answer of STS holds no credentials")
	}
	return c, token, err
}

// ready is a token that was fetched under the context of its attempt, which the
// SDK's interface does not pass on.
type ready string

func (t ready) GetIdentityToken() ([]byte, error) { return []byte(t), nil }
