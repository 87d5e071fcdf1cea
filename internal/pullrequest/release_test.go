package pullrequest

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"glue-connector/internal/fake"
)

func TestReleaseNotes(t *testing.T) {
	w := newWorld(t)
	w.CreateRelease(project, "v1.0.0", "- faster")
	c := open(t, w, w.GitHubToken(actionsBot, false), quick)
	var left atomic.Int64
	left.Store(2)
	w.Intercept(func(*http.Request) http.Handler {
		if left.Add(-1) < 0 {
			return nil
		}
		return fake.GitHubRefusal(http.StatusBadGateway, "Server Error")
	})
	for tag, want := range map[string]string{"v1.0.0": "- faster", "v2.0.0": ""} {
		if notes, err := c.ReleaseNotes(t.Context(), owner, repo, tag); notes != want || err != nil {
			t.Errorf("%s: %q, %v", tag, notes, err)
		}
	}
	_, err := open(t, w, "wrong", quick).ReleaseNotes(t.Context(), owner, repo, "v1.0.0")
	if e, ok := errors.AsType[*Error](err); !ok || e.Hint() == "" {
		t.Errorf("%v", err)
	}
	if _, err := c.ReleaseNotes(t.Context(), "..", repo, "v1.0.0"); err == nil {
		t.Error("a path is taken for an owner")
	}
}
