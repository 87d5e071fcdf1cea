package pullrequest

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v60/github"

	"glue-connector/internal/fake"
)

// TestTwoRunsAtOnce lets two runs speak at once, really at once, on pull requests
// without a comment and on such with one.
func TestTwoRunsAtOnce(t *testing.T) {
	w := newWorld(t)
	// The pause before the look is the real one: it is what keeps an update that
	// is on its way from winning on a busy machine.
	l := quick
	l.settle = defaultLimits.settle
	older, newer := open(t, w, w.GitHubToken(actionsBot, true), l), open(t, w, w.GitHubToken(actionsBot, true), l)
	busy := make(chan struct{}, 10) // rounds that run together
	var rounds sync.WaitGroup
	for i := range 50 {
		n := 100 + i
		w.CreatePullRequest(fake.PullRequest{Repository: project, Number: n})
		if i%2 == 1 {
			w.AddComment(project, n, actionsBot, marker("demo", Run{1, 1})+"first")
		}
		busy <- struct{}{}
		rounds.Go(func() {
			defer func() { <-busy }()
			var both sync.WaitGroup
			for c, comment := range map[*Client]Comment{older: say(Run{2, 1}, "older"), newer: say(Run{3, 1}, "newer")} {
				both.Go(func() {
					if _, err := c.Upsert(t.Context(), owner, repo, n, comment); err != nil {
						t.Errorf("round %d: %v", i, err)
					}
				})
			}
			both.Wait()
			got := w.Comments(project, n)
			if len(got) != 1 || got[0].Body != marker("demo", Run{3, 1})+"newer" {
				t.Errorf("round %d: %+v", i, got)
			}
		})
	}
	rounds.Wait()
}

// thread is a pull request in memory, for trying all orders of events.
type thread struct {
	next     int64
	comments []found
}

// process is one run as Upsert drives it: look, then each call of its plan.
type process struct {
	want  found
	wrote bool
	todo  []func(*thread)
	done  bool
}

func (p *process) step(th *thread) {
	if len(p.todo) > 0 {
		p.todo[0](th)
		p.todo = p.todo[1:]
		return
	}
	pl := decide(slices.Clone(th.comments), p.want, p.wrote)
	switch {
	case pl.settled():
		p.done = true
	case pl.create:
		p.todo = append(p.todo, func(th *thread) {
			th.next++
			th.comments = append(th.comments, found{id: th.next, run: p.want.run, body: p.want.body})
			p.wrote = true
		})
		return
	case pl.update:
		id := pl.best.id
		p.todo = append(p.todo, func(th *thread) {
			if i := slices.IndexFunc(th.comments, func(f found) bool { return f.id == id }); i >= 0 {
				th.comments[i].run, th.comments[i].body, p.wrote = p.want.run, p.want.body, true
			} else {
				p.todo, p.wrote = p.todo[:1], false // the rest is decided anew
			}
		})
	}
	for _, id := range pl.remove {
		p.todo = append(p.todo, func(th *thread) {
			th.comments = slices.DeleteFunc(th.comments, func(f found) bool { return f.id == id })
		})
	}
}

// TestAllOrders tries every order in which the calls of two runs on an empty
// pull request can arrive, and of two jobs of one run.
func TestAllOrders(t *testing.T) {
	for _, runs := range [][2]Run{{{2, 1}, {3, 1}}, {{2, 1}, {2, 2}}, {{2, 1}, {2, 1}}} {
		orders := 0
		var walk func(order []int)
		walk = func(order []int) {
			th := &thread{}
			ps := []*process{{want: found{run: runs[0], body: "a"}}, {want: found{run: runs[1], body: "b"}}}
			for _, i := range order {
				ps[i].step(th)
			}
			if len(order) > 40 {
				t.Fatalf("%v: does not end in order %v", runs, order)
			}
			if ps[0].done && ps[1].done {
				orders++
				if len(th.comments) != 1 || th.comments[0].run != runs[1] || runs[0] != runs[1] && th.comments[0].body != "b" {
					t.Fatalf("%v: order %v ends with %+v", runs, order, th.comments)
				}
				return
			}
			for i, p := range ps {
				if !p.done {
					walk(append(slices.Clone(order), i))
				}
			}
		}
		walk(nil)
		if orders < 10 {
			t.Errorf("%v: only %d orders", runs, orders)
		}
	}
}

func TestDecide(t *testing.T) {
	old, now := found{id: 1, run: Run{1, 1}, body: "old"}, found{id: 2, run: Run{2, 1}, body: "now"}
	twin, newer := found{id: 3, run: Run{2, 1}, body: "twin"}, found{id: 4, run: Run{3, 1}, body: "newer"}
	want := found{run: Run{2, 1}, body: "now"}
	for _, tc := range []struct {
		name  string
		ours  []found
		wrote bool
		plan  plan
	}{
		{"nothing", nil, false, plan{create: true}},
		{"nothing after a write", nil, true, plan{}},
		{"older", []found{old}, false, plan{best: &old, update: true}},
		{"older over ours", []found{old}, true, plan{best: &old, update: true}},
		{"ours", []found{now}, false, plan{best: &now}},
		{"same run, other text", []found{twin}, false, plan{best: &twin, update: true}},
		{"same run wrote after us", []found{twin}, true, plan{best: &twin}},
		{"newer", []found{newer}, false, plan{best: &newer, older: true}},
		{"newer and ours", []found{now, newer}, true, plan{best: &newer, older: true, remove: []int64{2}}},
		{"twins", []found{twin, now}, true, plan{best: &now, remove: []int64{3}}},
		{"all", []found{newer, twin, now, old}, false, plan{best: &newer, older: true, remove: []int64{3, 2, 1}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := decide(tc.ours, want, tc.wrote)
			if diff := cmp.Diff(tc.plan, got, cmp.AllowUnexported(plan{}, found{}), cmp.Comparer(time.Time.Equal)); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

// TestStaleUpdate: an older run's update that arrives after ours is mended.
func TestStaleUpdate(t *testing.T) {
	w := newWorld(t)
	id := w.AddComment(project, number, actionsBot, marker("demo", Run{1, 1})+"first")
	c, late := actions(t, w), actions(t, w)
	done := false
	spoil(w, onList, 1, 1, func(w *fake.World) http.Handler { // the look after our update
		if !done {
			done = true
			text := marker("demo", Run{2, 1}) + "late"
			if _, _, err := late.gh.Issues.EditComment(t.Context(), owner, repo, id, &github.IssueComment{Body: &text}); err != nil {
				t.Error(err)
			}
		}
		return w
	})
	got, err := upsertComment(c, say(Run{3, 1}, "new"))
	if err != nil || got.Action != Updated {
		t.Errorf("got %+v, %v", got, err)
	}
	if diff := cmp.Diff([]string{"github-actions[bot]: [3.1] new"}, shown(w)); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
}

// TestGone: a comment that is deleted between list and update is made anew.
func TestGone(t *testing.T) {
	for _, behind := range []int64{0, forEver} { // lists that still show it
		w := newWorld(t)
		id := w.AddComment(project, number, actionsBot, marker("demo", Run{1, 1})+"first")
		spoil(w, onList, 1, behind, stale(t, w))
		spoil(w, onUpdate, 0, 1, func(w *fake.World) http.Handler {
			w.DeleteComment(id)
			return w
		})
		got, err := upsertComment(actions(t, w), say(Run{2, 1}, "new"))
		if err != nil || got.Action != Created || got.ID == id {
			t.Errorf("got %+v, %v", got, err)
		}
		if diff := cmp.Diff([]string{"github-actions[bot]: [2.1] new"}, shown(w)); diff != "" {
			t.Errorf("comments (-want +got):\n%s", diff)
		}
	}
}

// TestListBehind: a list that does not show yet what was written makes no
// second comment and takes nothing back.
func TestListBehind(t *testing.T) {
	for _, before := range []string{"", "first"} {
		t.Run(fmt.Sprintf("%q", before), func(t *testing.T) {
			w := newWorld(t)
			if before != "" {
				w.AddComment(project, number, actionsBot, marker("demo", Run{1, 1})+before)
			}
			spoil(w, onList, 1, forEver, stale(t, w))
			if _, err := upsertComment(actions(t, w), say(Run{2, 1}, "new")); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff([]string{"github-actions[bot]: [2.1] new"}, shown(w)); diff != "" {
				t.Errorf("comments (-want +got):\n%s", diff)
			}
			if n := w.Comments(project, number)[0].Edits; n > 1 {
				t.Errorf("it was edited %d times", n)
			}
		})
	}
}
