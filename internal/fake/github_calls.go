package fake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// maxComment is GitHub's limit on a comment. Its message says characters and
// does not say which; this world counts the most, UTF-16 code units.
const maxComment = 65536

func (c *gitHubCall) repository() string { return c.args["owner"] + "/" + c.args["repo"] }

// pull is the pull request that the call names, nil if there is none.
func (c *gitHubCall) pull() *pull {
	n, err := strconv.Atoi(c.args["number"])
	if err != nil {
		return nil
	}
	return c.pulls[c.repository()][n]
}

// comment is the comment that the call names, with its pull request.
func (c *gitHubCall) comment() (*pull, *comment) {
	for _, p := range c.pulls[c.repository()] {
		for _, k := range p.comments {
			if strconv.FormatInt(k.ID, 10) == c.args["id"] {
				return p, k
			}
		}
	}
	return nil, nil
}

// mayWrite refuses a token that only reads, as one of a fork's pull request.
func (c *gitHubCall) mayWrite() http.Handler {
	switch {
	case c.token.write:
		return nil
	case isBot(c.token.login):
		return GitHubRefusal(http.StatusForbidden, "Resource not accessible by integration")
	}
	return GitHubRefusal(http.StatusForbidden, "Resource not accessible by personal access token")
}

func (c *gitHubCall) listComments() http.Handler {
	p := c.pull()
	if p == nil {
		return notFound()
	}
	page, size, _, refusal := c.query()
	if refusal != nil {
		return refusal
	}
	var all []any
	for _, k := range p.comments {
		all = append(all, c.commentJSON(p, k))
	}
	return paged(c, page, size, all)
}

func (c *gitHubCall) createComment() http.Handler {
	p := c.pull()
	if p == nil {
		return notFound()
	}
	if refusal := c.mayWrite(); refusal != nil {
		return refusal
	}
	if p.Locked {
		return GitHubRefusal(http.StatusForbidden, "Unable to create comment because issue is locked.")
	}
	body, refusal := c.body()
	if refusal != nil {
		return refusal
	}
	k := c.add(p, c.token.login, body)
	return gitHubAnswer(http.StatusCreated, c.commentJSON(p, k))
}

func (c *gitHubCall) getComment() http.Handler {
	p, k := c.comment()
	if k == nil {
		return notFound()
	}
	return gitHubAnswer(http.StatusOK, c.commentJSON(p, k))
}

func (c *gitHubCall) updateComment() http.Handler {
	p, k := c.comment()
	if k == nil {
		return notFound()
	}
	if refusal := c.mayWrite(); refusal != nil {
		return refusal
	}
	body, refusal := c.body()
	if refusal != nil {
		return refusal
	}
	k.Body, k.updated = body, time.Now().UTC().Truncate(time.Second)
	k.Edits++
	return gitHubAnswer(http.StatusOK, c.commentJSON(p, k))
}

func (c *gitHubCall) deleteComment() http.Handler {
	_, k := c.comment()
	if k == nil {
		return notFound()
	}
	if refusal := c.mayWrite(); refusal != nil {
		return refusal
	}
	c.remove(k.ID)
	return gitHubAnswer(http.StatusNoContent, nil)
}

// body reads the text of a comment out of the call.
func (c *gitHubCall) body() (string, http.Handler) {
	var in struct {
		Body *string `json:"body"`
	}
	if err := json.Unmarshal(c.sent, &in); err != nil {
		return "", GitHubRefusal(http.StatusBadRequest, "Problems parsing JSON")
	}
	if in.Body == nil || strings.TrimSpace(*in.Body) == "" {
		return "", invalid("IssueComment", "data", "Body cannot be blank")
	}
	if n := len(utf16.Encode([]rune(*in.Body))); n > maxComment {
		return "", invalid("IssueComment", "data", fmt.Sprintf("Body is too long (maximum is %d characters)", maxComment))
	}
	return *in.Body, nil
}

func (c *gitHubCall) listPulls() http.Handler {
	pulls, ok := c.pulls[c.repository()]
	if !ok {
		return notFound()
	}
	page, size, filter, refusal := c.query("state", "head")
	if refusal != nil {
		return refusal
	}
	// A head that names no owner is no filter at all.
	owner, branch, byHead := strings.Cut(filter["head"], ":")
	var found []*pull
	for _, p := range pulls {
		headOwner, _, _ := strings.Cut(p.HeadRepository, "/")
		switch {
		case p.Closed && filter["state"] != "all" && filter["state"] != "closed", !p.Closed && filter["state"] == "closed":
		case byHead && (!strings.EqualFold(owner, headOwner) || branch != p.HeadBranch):
		default:
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b *pull) int { return cmp.Compare(b.Number, a.Number) })
	var all []any
	for _, p := range found {
		all = append(all, c.pullJSON(p))
	}
	return paged(c, page, size, all)
}

func (c *gitHubCall) getPull() http.Handler {
	p := c.pull()
	if p == nil {
		return notFound()
	}
	return gitHubAnswer(http.StatusOK, c.pullJSON(p))
}

// getUser knows no user behind an App's token.
func (c *gitHubCall) getUser() http.Handler {
	if isBot(c.token.login) {
		return GitHubRefusal(http.StatusForbidden, "Resource not accessible by integration")
	}
	return gitHubAnswer(http.StatusOK, c.userJSON(c.token.login))
}

// graphQL knows the one question that tells any token's login.
func (c *gitHubCall) graphQL() http.Handler {
	var in struct {
		Query string `json:"query"`
	}
	if json.Unmarshal(c.sent, &in) != nil {
		return GitHubRefusal(http.StatusBadRequest, "Problems parsing JSON")
	}
	if strings.Join(strings.Fields(in.Query), "") != "{viewer{login}}" {
		return GitHubRefusal(http.StatusNotImplemented, fmt.Sprintf("no fake for the query %q", in.Query))
	}
	return gitHubAnswer(http.StatusOK, map[string]any{"data": map[string]any{"viewer": map[string]string{"login": c.token.login}}})
}

func (c *gitHubCall) userJSON(login string) map[string]any {
	h := fnv.New32a()
	io.WriteString(h, login)
	kind, page := "User", "https://github.com/"+login
	if app, ok := strings.CutSuffix(login, "[bot]"); ok {
		kind, page = "Bot", "https://github.com/apps/"+app
	}
	return map[string]any{"login": login, "id": h.Sum32(), "type": kind, "site_admin": false, "html_url": page}
}

func (c *gitHubCall) commentJSON(p *pull, k *comment) map[string]any {
	api := fmt.Sprintf("http://%s/repos/%s/issues/", c.Host, p.Repository)
	association, via := "NONE", any(nil)
	if app, ok := strings.CutSuffix(k.Author, "[bot]"); ok {
		association, via = "CONTRIBUTOR", map[string]any{"id": 15368, "slug": app}
	}
	return map[string]any{
		"id": k.ID, "body": k.Body, "user": c.userJSON(k.Author),
		"url":                      fmt.Sprintf("%scomments/%d", api, k.ID),
		"issue_url":                fmt.Sprintf("%s%d", api, p.Number),
		"html_url":                 fmt.Sprintf("https://github.com/%s/pull/%d#issuecomment-%d", p.Repository, p.Number, k.ID),
		"created_at":               k.created.Format(time.RFC3339),
		"updated_at":               k.updated.Format(time.RFC3339),
		"author_association":       association,
		"performed_via_github_app": via,
	}
}

func (c *gitHubCall) pullJSON(p *pull) map[string]any {
	owner, _, _ := strings.Cut(p.HeadRepository, "/")
	state := "open"
	if p.Closed {
		state = "closed"
	}
	return map[string]any{
		"number": p.Number, "state": state, "locked": p.Locked,
		"html_url": fmt.Sprintf("https://github.com/%s/pull/%d", p.Repository, p.Number),
		"head": map[string]any{
			"label": owner + ":" + p.HeadBranch, "ref": p.HeadBranch, "sha": p.HeadSHA,
			"user": c.userJSON(owner), "repo": map[string]any{"full_name": p.HeadRepository},
		},
		"base": map[string]any{"repo": map[string]any{"full_name": p.Repository}},
	}
}
