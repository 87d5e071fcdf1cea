package pullrequest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"glue-connector/internal/fake"
)

const (
	owner, repo = "octo-org", "connector"
	project     = owner + "/" + repo
	number      = 7
)

// quick are limits for tests: faults are told within fractions of a second.
var quick = limits{
	call: 5 * time.Second, total: 20 * time.Second, backoff: time.Millisecond,
	longest: 2 * time.Second, secondary: 10 * time.Millisecond, settle: 10 * time.Millisecond,
}

func newWorld(t testing.TB) *fake.World {
	t.Helper()
	w, err := fake.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	w.CreatePullRequest(fake.PullRequest{Repository: project, Number: number, HeadBranch: "topic", HeadSHA: strings.Repeat("1", 40)})
	return w
}

func open(t testing.TB, w *fake.World, token string, l limits) *Client {
	t.Helper()
	c, err := newClient(Config{API: w.GitHubURL(), Token: token}, l)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// actions is a client with a GITHUB_TOKEN that may write.
func actions(t testing.TB, w *fake.World) *Client {
	return open(t, w, w.GitHubToken(actionsBot, true), quick)
}

func say(run Run, text string) Comment { return Comment{Key: "demo", Run: run, Body: text} }

func upsertComment(c *Client, comment Comment) (Result, error) {
	return c.Upsert(context.Background(), owner, repo, number, comment)
}

// shown is what is on the pull request: author, run and text.
func shown(w *fake.World) []string {
	out := []string{}
	for _, c := range w.Comments(project, number) {
		text := c.Body
		if hash, run, ok := parseMarker(c.Body); ok && hash == hashed("demo") {
			text = fmt.Sprintf("[%s] %s", run, strings.TrimPrefix(c.Body, marker("demo", run)))
		}
		out = append(out, c.Author+": "+text)
	}
	return out
}

// on is a request that a fault hits.
type on struct{ method, path string }

var (
	onList   = on{"GET", "/issues/7/comments"}
	onCreate = on{"POST", "/issues/7/comments"}
	onUpdate = on{"PATCH", "/issues/comments/"}
	onDelete = on{"DELETE", "/issues/comments/"}
	onViewer = on{"POST", "/graphql"}
)

// spoil hits n requests of a kind after the first skip ones.
func spoil(w *fake.World, o on, skip, n int64, h func(*fake.World) http.Handler) {
	var seen atomic.Int64
	w.Intercept(func(r *http.Request) http.Handler {
		if r.Method != o.method || !strings.Contains(r.URL.Path, o.path) {
			return nil
		}
		if k := seen.Add(1); k <= skip || k > skip+n {
			return nil
		}
		return h(w)
	})
}

const forEver = 1 << 30

func kindOf(t *testing.T, err error) Kind {
	t.Helper()
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("got %T %v, want *Error", err, err)
	}
	if s := e.Error(); len(s) > 600 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Errorf("the text is not one line of ASCII: %q", s)
	}
	return e.Kind
}
