package pullrequest

import (
	"context"
	"strings"

	"github.com/google/go-github/v60/github"
)

// actionsBot is what GITHUB_TOKEN writes as.
const actionsBot = "github-actions[bot]"

// marked is a comment with our marker, whoever wrote it.
type marked struct {
	found
	login, kind string
}

// list finds our comments.
func (u *upsert) list(ctx context.Context) ([]found, error) {
	var all []marked
	err := pages(func(o github.ListOptions) (*github.Response, error) {
		list, resp, err := u.gh.Issues.ListComments(ctx, u.owner, u.repo, u.number, &github.IssueListCommentsOptions{ListOptions: o})
		if err == nil && list == nil {
			err = errEmpty // go-github takes an empty body for an empty list
		}
		for _, k := range list {
			f := u.read(k)
			hash, run, ok := parseMarker(f.body)
			if ok && hash == u.hash && !u.gone[f.id] && f.id != 0 {
				f.run = run
				all = append(all, marked{f, k.GetUser().GetLogin(), k.GetUser().GetType()})
			}
		}
		return resp, err
	})
	if err != nil {
		return nil, err
	}
	ours, err := u.mine(ctx, all)
	if err != nil {
		return nil, err
	}
	for i, f := range ours {
		// A list may be behind what was just written. Times are in seconds.
		if u.wrote != nil && f.id == u.wrote.id && f.updated.Before(u.wrote.updated) {
			ours[i] = *u.wrote
		}
	}
	return ours, nil
}

// mine keeps the comments that the token's identity wrote: see the package's
// documentation.
func (u *upsert) mine(ctx context.Context, all []marked) ([]found, error) {
	installation := strings.HasPrefix(u.token, "ghs_") || strings.HasPrefix(u.token, "v1.")
	var candidates []marked
	ask := false
	for _, m := range all {
		bot := m.kind == "Bot"
		if bot != strings.HasSuffix(m.login, "[bot]") || installation && !bot {
			continue
		}
		candidates = append(candidates, m)
		ask = ask || !installation || m.login != actionsBot
	}
	login := actionsBot
	if ask {
		var err error
		if login, err = u.viewer(ctx); err != nil {
			return nil, err
		}
	}
	var ours []found
	for _, m := range candidates {
		if strings.EqualFold(m.login, login) {
			ours = append(ours, m.found)
		}
	}
	return ours, nil
}
