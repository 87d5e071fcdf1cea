package fake

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// gitHub is what a world keeps of GitHub.
type gitHub struct {
	mu        sync.Mutex // guards what follows
	pulls     map[string]map[int]*pull
	releases  map[string]string // notes by repository and tag
	tokens    map[string]gitHubToken
	next      int64 // id of the next comment
	remaining int   // calls until the primary rate limit
	reset     time.Time
}

type gitHubToken struct {
	login string
	write bool
}

// isBot tells an App from a user: only an App's login has brackets.
func isBot(login string) bool { return strings.HasSuffix(login, "[bot]") }

type pull struct {
	PullRequest
	comments []*comment
}

type comment struct {
	Comment
	created, updated time.Time
}

func newGitHub() *gitHub {
	return &gitHub{
		pulls: map[string]map[int]*pull{}, releases: map[string]string{}, tokens: map[string]gitHubToken{}, next: 1001,
		remaining: 5000, reset: time.Now().Add(time.Hour),
	}
}

// PullRequest is a pull request of a repository.
type PullRequest struct {
	Repository     string // owner/name
	Number         int
	HeadRepository string // owner/name; of a fork, another one
	HeadBranch     string
	HeadSHA        string
	Closed         bool
	Locked         bool // the conversation is locked
}

// Comment is a comment on a pull request.
type Comment struct {
	ID     int64
	Author string // login, with "[bot]" if it is an App
	Body   string
	Edits  int
}

// CreatePullRequest makes a pull request or replaces it, with its comments kept.
// The repository need not exist before.
func (w *World) CreatePullRequest(p PullRequest) {
	w.gitHub.mu.Lock()
	defer w.gitHub.mu.Unlock()
	if p.HeadRepository == "" {
		p.HeadRepository = p.Repository
	}
	pulls := w.gitHub.pulls[p.Repository]
	if pulls == nil {
		pulls = map[int]*pull{}
		w.gitHub.pulls[p.Repository] = pulls
	}
	if old := pulls[p.Number]; old != nil {
		old.PullRequest = p
		return
	}
	pulls[p.Number] = &pull{PullRequest: p}
}

// GitHubToken makes a token whose comments have login as author. That of an App,
// such as github-actions[bot], is an installation's. A token that may not write
// reads everything; one that may also changes and deletes comments of others,
// as GitHub allows a token with the permission pull-requests: write.
func (w *World) GitHubToken(login string, write bool) string {
	w.gitHub.mu.Lock()
	defer w.gitHub.mu.Unlock()
	prefix := "ghp_"
	if isBot(login) {
		prefix = "ghs_"
	}
	secret := fmt.Sprintf("%sFAKE%032d", prefix, len(w.gitHub.tokens)+1)
	w.gitHub.tokens[secret] = gitHubToken{login, write}
	return secret
}

// LimitGitHub leaves so many calls until the primary rate limit, which is
// lifted at reset.
func (w *World) LimitGitHub(remaining int, reset time.Time) {
	w.gitHub.mu.Lock()
	defer w.gitHub.mu.Unlock()
	w.gitHub.remaining, w.gitHub.reset = remaining, reset
}

// AddComment puts a comment on a pull request, which must exist, and returns its id.
func (w *World) AddComment(repository string, number int, author, body string) int64 {
	w.gitHub.mu.Lock()
	defer w.gitHub.mu.Unlock()
	return w.gitHub.add(w.gitHub.pulls[repository][number], author, body).ID
}

// DeleteComment takes a comment away, as its author or a maintainer would.
func (w *World) DeleteComment(id int64) {
	w.gitHub.mu.Lock()
	defer w.gitHub.mu.Unlock()
	w.gitHub.remove(id)
}

// Comments are the comments on a pull request, the oldest first.
func (w *World) Comments(repository string, number int) []Comment {
	w.gitHub.mu.Lock()
	defer w.gitHub.mu.Unlock()
	p := w.gitHub.pulls[repository][number]
	if p == nil {
		return nil
	}
	var out []Comment
	for _, c := range p.comments {
		out = append(out, c.Comment)
	}
	return out
}

func (g *gitHub) add(p *pull, author, body string) *comment {
	now := time.Now().UTC().Truncate(time.Second)
	c := &comment{Comment: Comment{ID: g.next, Author: author, Body: body}, created: now, updated: now}
	g.next++
	p.comments = append(p.comments, c)
	return c
}

// remove tells whether the comment was there.
func (g *gitHub) remove(id int64) bool {
	for _, pulls := range g.pulls {
		for _, p := range pulls {
			for i, c := range p.comments {
				if c.ID == id {
					p.comments = append(p.comments[:i:i], p.comments[i+1:]...)
					return true
				}
			}
		}
	}
	return false
}
