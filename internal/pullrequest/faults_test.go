package pullrequest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/fake"
)

// TestFaults hits each call with each fault, once and for ever. Whatever happens,
// there is never more than one comment of ours when it is over.
func TestFaults(t *testing.T) {
	refusal := func(status int, message string, header ...string) func(*fake.World) http.Handler {
		return answer(fake.GitHubRefusal(status, message, header...))
	}
	faults := []struct {
		name  string
		fault func(*fake.World) http.Handler
		once  Kind // of the error if it happens once; "" if it is survived
		ever  Kind
	}{
		{"500", refusal(500, "Server Error"), "", Unavailable},
		{"502 page", page(502, "<html>\x1b[31mBad\u202e Gateway "+strings.Repeat("x", 100_000)), "", Unavailable},
		{"503, asks for time", refusal(503, "down", "Retry-After", "1"), "", Unavailable},
		{"503, asks for much time", refusal(503, "down", "Retry-After", "86400"), Unavailable, Unavailable},
		{"429", refusal(429, "slow down"), "", RateLimited},
		{"429, asks for much time", refusal(429, "slow down", "Retry-After", "86400"), RateLimited, RateLimited},
		{"secondary rate limit", answer(fake.SecondaryRateLimit(0)), "", RateLimited},
		{"secondary rate limit, an hour", answer(fake.SecondaryRateLimit(time.Hour)), RateLimited, RateLimited},
		{"primary rate limit", refusal(403, "API rate limit exceeded", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10)), RateLimited, RateLimited},
		{"primary rate limit, lifted", refusal(403, "API rate limit exceeded", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1"), "", RateLimited},
		{"read-only", refusal(403, "Resource not accessible by integration"), ReadOnly, ReadOnly},
		{"read-only by the last call", refusal(403, "Resource not accessible by integration", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1"), ReadOnly, ReadOnly},
		{"archived", refusal(403, "Repository was archived so is read-only."), ReadOnly, ReadOnly},
		{"403 page of a proxy", page(403, "<html>blocked"), Unavailable, Unavailable},
		{"locked", refusal(403, "Unable to create comment because issue is locked."), Locked, Locked},
		{"401", refusal(401, "Bad credentials"), Unauthorized, Unauthorized},
		{"422", refusal(422, "Validation Failed"), Invalid, Invalid},
		{"202", page(202, "{}"), Unavailable, Unavailable},
		{"200 page", page(200, "<html>log in"), "", Unavailable},
		{"reset", reset, "", Unavailable},
		{"truncated", truncated, "", Unavailable},
		{"empty", empty, "", Unavailable},
		{"lost", lost, "", Unavailable},
		{"stalled", stalled, "", Unavailable},
	}
	calls := []struct {
		name  string
		on    on
		skip  int64
		login string
		wrote bool // the comment is there before this call
		old   int  // comments of older runs
	}{
		{name: "list", on: onList},
		{name: "create", on: onCreate},
		{name: "update", on: onUpdate, old: 1},
		{name: "viewer", on: onViewer, login: "alice", old: 1},
		{name: "look", on: onList, skip: 1, wrote: true},
		{name: "delete", on: onDelete, old: 2, wrote: true},
	}
	for _, call := range calls {
		for _, f := range faults {
			for _, ever := range []bool{false, true} {
				name, want, n := "once", f.once, int64(1)
				if ever {
					name, want, n = "for ever", f.ever, forEver
				}
				l := quick
				switch f.name {
				case "503, asks for time", "primary rate limit, lifted":
					if call.name != "create" || ever {
						continue // waiting once is enough
					}
				case "stalled":
					if call.name != "create" && ever {
						continue
					}
					l.call = 250 * time.Millisecond
				}
				t.Run(call.name+"/"+f.name+"/"+name, func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					login := call.login
					if login == "" {
						login = actionsBot
					}
					for i := range call.old {
						w.AddComment(project, number, login, marker("demo", Run{1, int64(i) + 1})+"old")
					}
					c := open(t, w, w.GitHubToken(login, true), l)
					spoil(w, call.on, call.skip, n, f.fault)
					got, err := upsertComment(c, say(Run{2, 1}, "new"))
					if err == nil && want == Unavailable && (call.on == onCreate || call.on == onUpdate) {
						want = "" // it was done, and found to be
					}
					if call.wrote {
						want = "" // what was said was said
					}
					checkFault(t, w, c, got, err, want, call.old)
				})
			}
		}
	}
}

func checkFault(t *testing.T, w *fake.World, c *Client, got Result, err error, want Kind, old int) {
	t.Helper()
	if k := kindOf(t, err); k != want {
		t.Errorf("got %v of kind %q, want %q", err, k, want)
	}
	if err != nil && strings.Contains(fmt.Sprintf("%v %+v", err, got), c.token) {
		t.Errorf("the token is in %v", err)
	}
	mine := 0
	texts := shown(w)
	for _, s := range texts {
		if strings.HasSuffix(s, "[2.1] new") {
			mine++
		}
	}
	// Lost for ever, a write may or may not be done; it is never done twice.
	if mine > 1 || err == nil && mine != 1 || len(texts) > max(old, 1) {
		t.Errorf("comments %q after %+v, %v", texts, got, err)
	}
	if err == nil && (got.ID == 0 || got.Action != Created && got.Action != Updated) {
		t.Errorf("result %+v", got)
	}
}

// TestReadOnly is the fork's pull request, all the way through the fake.
func TestReadOnly(t *testing.T) {
	for _, login := range []string{actionsBot, "alice"} {
		w := newWorld(t)
		_, err := upsertComment(open(t, w, w.GitHubToken(login, false), quick), say(Run{1, 1}, "text"))
		if kindOf(t, err) != ReadOnly || !strings.Contains(err.Error(), `GitHub answers 403: "Resource not accessible by `) {
			t.Errorf("%s: %v", login, err)
		}
		h, ok := errors.AsType[*Error](err)
		if !ok || !strings.Contains(h.Hint(), "pull-requests: write") {
			t.Errorf("no hint in %v", err)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, tc := range []struct {
		name  string
		setup func(*fake.World) (token string)
		want  Kind
	}{
		{"locked", func(w *fake.World) string {
			w.CreatePullRequest(fake.PullRequest{Repository: project, Number: number, Locked: true})
			return w.GitHubToken(actionsBot, true)
		}, Locked},
		{"unknown token", func(*fake.World) string { return "ghs_unknown" }, Unauthorized},
		{"no calls left", func(w *fake.World) string {
			w.LimitGitHub(0, time.Now().Add(time.Hour))
			return w.GitHubToken(actionsBot, true)
		}, RateLimited},
		{"the list was the last call", func(w *fake.World) string {
			w.LimitGitHub(1, time.Now().Add(time.Hour))
			return w.GitHubToken(actionsBot, true)
		}, RateLimited},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			_, err := upsertComment(open(t, w, tc.setup(w), quick), say(Run{1, 1}, "text"))
			if kindOf(t, err) != tc.want || w.Comments(project, number) != nil {
				t.Errorf("got %v, want kind %s", err, tc.want)
			}
		})
	}
	w := newWorld(t)
	_, err := actions(t, w).Upsert(context.Background(), owner, repo, 8, say(Run{1, 1}, "text"))
	if kindOf(t, err) != NotFound {
		t.Errorf("no such pull request: %v", err)
	}
}

// TestTime: the caller's deadline holds in a call, in a wait and before a wait
// that would outlast it, which then is not begun.
func TestTime(t *testing.T) {
	l := quick
	l.longest = time.Minute
	for _, tc := range []struct {
		name  string
		fault func(*fake.World) http.Handler
		want  Kind
		atEnd bool
	}{
		{"in a call", stalled, Unavailable, true},
		{"before a wait", answer(fake.SecondaryRateLimit(30 * time.Second)), RateLimited, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			c := open(t, w, w.GitHubToken(actionsBot, true), l)
			spoil(w, onList, 0, forEver, tc.fault)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err := c.Upsert(ctx, owner, repo, number, say(Run{1, 1}, "text"))
			if k := kindOf(t, err); k != tc.want || errors.Is(err, context.DeadlineExceeded) != tc.atEnd {
				t.Errorf("got %v of kind %s", err, k)
			}
			if d := time.Since(start); d > 3*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
	t.Run("cancelled in a wait", func(t *testing.T) {
		w := newWorld(t)
		c := open(t, w, w.GitHubToken(actionsBot, true), l)
		spoil(w, onList, 0, forEver, answer(fake.SecondaryRateLimit(10*time.Second)))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		start := time.Now()
		_, err := c.Upsert(ctx, owner, repo, number, say(Run{1, 1}, "text"))
		if kindOf(t, err) != Unavailable || !errors.Is(err, context.Canceled) || time.Since(start) > 3*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
	t.Run("asked for a second", func(t *testing.T) {
		w := newWorld(t)
		spoil(w, onList, 0, 1, answer(fake.SecondaryRateLimit(time.Second)))
		start := time.Now()
		if _, err := upsertComment(actions(t, w), say(Run{1, 1}, "text")); err != nil || time.Since(start) < time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		if diff := cmp.Diff([]string{"github-actions[bot]: [1.1] text"}, shown(w)); diff != "" {
			t.Errorf("comments (-want +got):\n%s", diff)
		}
	})
}
