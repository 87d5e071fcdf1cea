package pullrequest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/go-github/v60/github"
)

// Comment is what a run has to say.
type Comment struct {
	// Key tells the comments of a pull request apart: one for each key. Any text
	// will do; it does not appear in the comment.
	Key string
	// Run says who speaks.
	Run Run
	// Body is the Markdown, at most [MaxBody] long. It is not escaped here.
	Body string
	// UpdateOnly changes a comment that is there, and makes none.
	UpdateOnly bool
}

// Action is what became of a comment.
type Action string

// The actions.
const (
	Created   Action = "created"
	Updated   Action = "updated"
	Unchanged Action = "unchanged" // it was there, word for word
	Older     Action = "older"     // a newer run's is there, and stays
	None      Action = "none"      // there is none, and none was to be made
)

// Result is the comment that is there now.
type Result struct {
	Action Action
	ID     int64
	URL    string // for a browser; "" if GitHub named none that is one
	Run    Run    // whose content it has
}

// maxRounds is how often others may interfere before we leave it at that.
const maxRounds = 5

// Upsert makes a run's comment the one comment of its key on a pull request.
// It takes one call if there is nothing to do, three if it writes, one more for
// tokens other than GITHUB_TOKEN if there is a comment already, and one more for
// each further hundred comments. It fails with an [Error].
func (c *Client) Upsert(ctx context.Context, owner, repo string, number int, comment Comment) (Result, error) {
	if err := checkRepository(owner, repo); err != nil {
		return Result{}, err
	}
	doing := fmt.Sprintf("commenting on pull request %d of %s/%s", number, owner, repo)
	if err := comment.check(number); err != nil {
		return Result{}, invalid(doing, err, "")
	}
	u := &upsert{
		Client: c, owner: owner, repo: repo, number: number, hash: hashed(comment.Key),
		updateOnly: comment.UpdateOnly,
		want:       found{run: comment.Run, body: marker(comment.Key, comment.Run) + plain(comment.Body)},
		gone:       map[int64]bool{},
	}
	var out Result
	err := c.repeat(ctx, doing, func(ctx context.Context) (err error) {
		out, err = u.settle(ctx)
		return err
	})
	if err != nil && u.wrote != nil {
		// It is said; only the look afterwards failed. What it would have found is
		// for the next run.
		return u.result(u.wrote, false), nil
	}
	return out, err
}

func (c Comment) check(number int) error {
	switch n := Length(c.Body); {
	case number <= 0:
		return errors.New("the number of a pull request begins at 1")
	case c.Key == "":
		return errors.New("the comment has no key")
	case c.Run.ID <= 0 || c.Run.Attempt <= 0:
		return errors.New("the run's id and attempt begin at 1")
	case n > MaxBody:
		return fmt.Errorf("the text has %d characters, %d are possible", n, MaxBody)
	case strings.TrimSpace(c.Body) == "":
		return errors.New("the text is empty")
	case !utf8.ValidString(c.Body):
		return errors.New("the text is not UTF-8")
	}
	return nil
}

// upsert is one call of Upsert. What it knows outlives a failed attempt: a write
// whose answer was lost may have been done, and is found by the next list.
type upsert struct {
	*Client
	owner, repo string
	number      int
	hash        string
	want        found
	updateOnly  bool
	gone        map[int64]bool // comments that are no more, whatever a list says
	tried       Action         // the last write that was sent
	wrote       *found         // the last write that was confirmed
}

// settle looks and acts until there is nothing to do.
func (u *upsert) settle(ctx context.Context) (Result, error) {
	var p plan
	for round := range maxRounds {
		if round > 0 {
			if err := pause(ctx, u.limits.settle); err != nil {
				return Result{}, err
			}
		}
		ours, err := u.list(ctx)
		if err != nil {
			return Result{}, err
		}
		if len(ours) == 0 && u.updateOnly {
			return Result{Action: None}, nil
		}
		p = decide(ours, u.want, u.wrote != nil)
		if p.settled() {
			break
		}
		if err := u.act(ctx, p); err != nil {
			return Result{}, err
		}
	}
	if u.wrote != nil && !p.older && (p.best == nil || !p.settled()) {
		p.best = u.wrote
	}
	if p.best == nil {
		return Result{}, errors.New("comments vanish as soon as they are made")
	}
	return u.result(p.best, p.older), nil
}

func (u *upsert) result(f *found, older bool) Result {
	r := Result{Action: u.tried, ID: f.id, URL: f.url, Run: f.run}
	switch {
	case older:
		r.Action = Older
	case u.tried == "":
		r.Action = Unchanged
	}
	return r
}

// act does what a plan says. Each call is made once: if it fails, things may
// have changed, and the next attempt begins with a look.
func (u *upsert) act(ctx context.Context, p plan) error {
	text := &github.IssueComment{Body: &u.want.body}
	if p.create {
		u.tried = Created
		k, _, err := u.gh.Issues.CreateComment(ctx, u.owner, u.repo, u.number, text)
		if err == nil {
			u.iAm(k.GetUser().GetLogin())
		}
		return u.written(k, err)
	}
	if p.update {
		u.tried = Updated
		k, _, err := u.gh.Issues.EditComment(ctx, u.owner, u.repo, p.best.id, text)
		if missing(err) { // what it outdid is decided anew
			u.gone[p.best.id] = true
			u.wrote = nil
			return nil
		}
		if err := u.written(k, err); err != nil {
			return err
		}
	}
	for _, id := range p.remove {
		if _, err := u.gh.Issues.DeleteComment(ctx, u.owner, u.repo, id); err != nil && !missing(err) {
			return err
		}
		u.gone[id] = true
	}
	return nil
}

// written keeps what GitHub says it wrote.
func (u *upsert) written(k *github.IssueComment, err error) error {
	if err != nil {
		return err
	}
	if k.GetID() == 0 {
		return errEmpty
	}
	f := u.read(k)
	f.run = u.want.run
	u.wrote = &f
	return nil
}

// missing tells that a comment is no more.
func missing(err error) bool {
	e, ok := errors.AsType[*github.ErrorResponse](err)
	return ok && (e.Response.StatusCode == http.StatusNotFound || e.Response.StatusCode == http.StatusGone)
}

// plain is a text as GitHub may give it back: with other ends of lines, which
// its editor makes, or without white space at the end.
func plain(s string) string {
	return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), " \t\n")
}

// read takes what matters of a comment.
func (u *upsert) read(k *github.IssueComment) found {
	f := found{id: k.GetID(), body: plain(k.GetBody()), updated: k.GetUpdatedAt().Time}
	if page, err := url.Parse(k.GetHTMLURL()); err == nil && (page.Scheme == "https" || page.Scheme == "http") && len(k.GetHTMLURL()) < 1000 {
		f.url = page.String()
	}
	return f
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
