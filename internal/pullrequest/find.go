package pullrequest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/go-github/v60/github"
	"sync"
)

var commit = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`) })

// FindByHead finds the open pull request of owner/repo whose head is the commit
// sha of headOwner's branch: that of a workflow_run event, which names none for a
// fork. The payload's head_repository, head_branch and head_sha are to be trusted
// for it, the artefacts of that run are not. Of several, one for each base
// branch, it is the oldest.
func (c *Client) FindByHead(ctx context.Context, owner, repo, headOwner, headBranch, sha string) (number int, found bool, err error) {
	if err := checkRepository(owner, repo); err != nil {
		return 0, false, err
	}
	// GitHub ignores a filter that it cannot read, and lists everything.
	if !repositoryPart().MatchString(headOwner) || headBranch == "" || !commit().MatchString(sha) {
		return 0, false, invalid("reading the head of a pull request", errors.New("want an owner, a branch and the hash of a commit"), "")
	}
	doing := fmt.Sprintf("looking for the pull request of %.12s in %s/%s", sha, owner, repo)
	err = c.repeat(ctx, doing, func(ctx context.Context) error {
		number, found = 0, false
		return pages(func(o github.ListOptions) (*github.Response, error) {
			list, resp, err := c.gh.PullRequests.List(ctx, owner, repo, &github.PullRequestListOptions{
				State: "open", Head: headOwner + ":" + headBranch, ListOptions: o})
			if err == nil && list == nil {
				err = errEmpty
			}
			for _, p := range list {
				h := p.GetHead()
				if p.GetState() != "open" || h.GetSHA() != sha || h.GetRef() != headBranch || !strings.EqualFold(h.GetUser().GetLogin(), headOwner) {
					continue
				}
				if n := p.GetNumber(); n > 0 && (!found || n < number) {
					number, found = n, true
				}
			}
			return resp, err
		})
	})
	if err != nil {
		return 0, false, err
	}
	return number, found, nil
}
