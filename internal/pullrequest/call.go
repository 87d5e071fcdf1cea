package pullrequest

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/go-github/v60/github"
	"github.com/sethvargo/go-retry"
)

var errPages = errors.New("the list of GitHub's API goes on in a way that cannot be followed")

const (
	perPage  = 100
	maxPages = 100 // far more than the 2,500 comments that GitHub allows
)

// repeat does something until it succeeds, fails for good, or was tried often
// enough. It waits as long as GitHub asks for, but not past the end of ctx.
func (c *Client) repeat(ctx context.Context, doing string, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.limits.total)
	defer cancel()
	var asked time.Duration
	steps := retry.WithMaxRetries(repeats, retry.WithJitterPercent(20, retry.NewExponential(c.limits.backoff)))
	waits := retry.BackoffFunc(func() (time.Duration, bool) {
		wait, stop := steps.Next()
		wait = max(wait, asked)
		end, ok := ctx.Deadline()
		return wait, stop || ok && time.Until(end) <= wait
	})
	err := retry.Do(ctx, waits, func(ctx context.Context) error {
		err := f(ctx)
		if err == nil {
			return nil
		}
		e, ok := errors.AsType[*Error](err)
		if !ok {
			e = c.explain(ctx, doing, err)
		}
		if asked = e.wait; e.again {
			return retry.RetryableError(e)
		}
		return e
	})
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return c.explain(ctx, doing, err) // ctx ended while waiting
}

// pages walks a list to its end. Only the number of the next page is taken from
// GitHub's Link header, never its host or path.
func pages(fetch func(github.ListOptions) (*github.Response, error)) error {
	for page := 1; page <= maxPages; page++ {
		resp, err := fetch(github.ListOptions{Page: page, PerPage: perPage})
		if err != nil {
			return err
		}
		switch {
		case resp.NextPage == page+1:
		case resp.NextPage == 0 && !strings.Contains(strings.Join(resp.Header.Values("Link"), ","), `rel="next"`):
			return nil
		default:
			return errPages
		}
	}
	return errPages
}

// iAm keeps the login of the token, as GitHub named it.
func (c *Client) iAm(login string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.login = login
}

// viewer is the login that the token's comments have.
func (c *Client) viewer(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.login != "" {
		return c.login, nil
	}
	req, err := c.gh.NewRequest("POST", c.graphQL, map[string]string{"query": "{viewer{login}}"})
	if err != nil {
		return "", err
	}
	var out struct {
		Data struct {
			Viewer struct {
				Login string `json:"login"`
			} `json:"viewer"`
		} `json:"data"`
	}
	if _, err := c.gh.Do(ctx, req, &out); err != nil {
		return "", err
	}
	if out.Data.Viewer.Login == "" {
		return "", errors.New("GitHub does not say whose token this is")
	}
	c.login = out.Data.Viewer.Login
	return c.login, nil
}
