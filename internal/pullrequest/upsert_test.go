package pullrequest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/fake"
)

// TestUpsert says what is on the pull request before and after.
func TestUpsert(t *testing.T) {
	line := func(key string, run Run, text string) string { return marker(key, run) + text }
	type before struct{ author, body string }
	for _, tc := range []struct {
		name   string
		before []before
		login  string // of the token; github-actions[bot] if it is ""
		want   []string
		action Action
		run    Run
		calls  int
	}{
		{name: "nothing there", action: Created, calls: 3,
			want: []string{"github-actions[bot]: [20.1] new"}},
		{name: "talk", before: []before{{"alice", "hello"}}, action: Created, calls: 3,
			want: []string{"alice: hello", "github-actions[bot]: [20.1] new"}},
		{name: "older run", before: []before{{"alice", "hello"}, {actionsBot, line("demo", Run{9, 12}, "old")}, {"alice", "thanks"}}, action: Updated, calls: 3,
			want: []string{"alice: hello", "github-actions[bot]: [20.1] new", "alice: thanks"}},
		{name: "older run, same text", before: []before{{actionsBot, line("demo", Run{9, 12}, "new")}}, action: Updated, calls: 3,
			want: []string{"github-actions[bot]: [20.1] new"}},
		{name: "same run", before: []before{{actionsBot, line("demo", Run{20, 1}, "half")}}, action: Updated, calls: 3,
			want: []string{"github-actions[bot]: [20.1] new"}},
		{name: "same words", before: []before{{actionsBot, line("demo", Run{20, 1}, "new")}}, action: Unchanged, calls: 1,
			want: []string{"github-actions[bot]: [20.1] new"}},
		{name: "newer attempt", before: []before{{actionsBot, line("demo", Run{20, 2}, "newer")}}, action: Older, run: Run{20, 2}, calls: 1,
			want: []string{"github-actions[bot]: [20.2] newer"}},
		{name: "newer run", before: []before{{actionsBot, line("demo", Run{100, 1}, "newer")}}, action: Older, run: Run{100, 1}, calls: 1,
			want: []string{"github-actions[bot]: [100.1] newer"}},
		{name: "newer run, saved by the editor", before: []before{{actionsBot, strings.ReplaceAll(line("demo", Run{100, 1}, "newer"), "\n", "\r\n")}}, action: Older, run: Run{100, 1}, calls: 1,
			want: []string{"github-actions[bot]: [100.1] " + strings.ReplaceAll(line("demo", Run{100, 1}, "newer"), "\n", "\r\n")}},
		{name: "another key", before: []before{{actionsBot, line("other", Run{9, 1}, "other")}}, action: Created, calls: 3,
			want: []string{"github-actions[bot]: " + line("other", Run{9, 1}, "other"), "github-actions[bot]: [20.1] new"}},
		{name: "duplicates", before: []before{{actionsBot, line("demo", Run{3, 1}, "a")}, {actionsBot, line("demo", Run{9, 1}, "b")}, {actionsBot, line("demo", Run{9, 1}, "c")}}, action: Updated, calls: 5,
			want: []string{"github-actions[bot]: [20.1] new"}},
		{name: "duplicates, one newer", before: []before{{actionsBot, line("demo", Run{3, 1}, "a")}, {actionsBot, line("demo", Run{30, 1}, "b")}}, action: Older, run: Run{30, 1}, calls: 3,
			want: []string{"github-actions[bot]: [30.1] b"}},
		{name: "not at the start", before: []before{{actionsBot, "hi\n" + line("demo", Run{9, 1}, "a")}}, action: Created, calls: 3,
			want: []string{"github-actions[bot]: hi\n" + line("demo", Run{9, 1}, "a"), "github-actions[bot]: [20.1] new"}},

		// Who wrote it.
		{name: "a user's marker", before: []before{{"mallory", line("demo", Run{99, 1}, "passed")}}, action: Created, calls: 3,
			want: []string{"mallory: [99.1] passed", "github-actions[bot]: [20.1] new"}},
		{name: "a user's marker before ours", before: []before{{"mallory", line("demo", Run{99, 1}, "passed")}, {actionsBot, line("demo", Run{9, 1}, "old")}}, action: Updated, calls: 3,
			want: []string{"mallory: [99.1] passed", "github-actions[bot]: [20.1] new"}},
		{name: "another App's marker", before: []before{{"other[bot]", line("demo", Run{99, 1}, "passed")}}, action: Created, calls: 4,
			want: []string{"other[bot]: [99.1] passed", "github-actions[bot]: [20.1] new"}},
		{name: "an App's own", login: "my-app[bot]", before: []before{{"my-app[bot]", line("demo", Run{9, 1}, "old")}}, action: Updated, calls: 4,
			want: []string{"my-app[bot]: [20.1] new"}},
		{name: "an App's own, unchanged", login: "my-app[bot]", before: []before{{"my-app[bot]", line("demo", Run{20, 1}, "new")}}, action: Unchanged, calls: 2,
			want: []string{"my-app[bot]: [20.1] new"}},
		{name: "an App and a user", login: "my-app[bot]", before: []before{{"my-app", line("demo", Run{99, 1}, "passed")}}, action: Created, calls: 3,
			want: []string{"my-app: [99.1] passed", "my-app[bot]: [20.1] new"}},
		{name: "an App takes over", login: "my-app[bot]", before: []before{{actionsBot, line("demo", Run{9, 1}, "old")}}, action: Updated, calls: 3,
			want: []string{"github-actions[bot]: [20.1] new"}},
		{name: "a person's own", login: "alice", before: []before{{"alice", line("demo", Run{9, 1}, "old")}}, action: Updated, calls: 4,
			want: []string{"alice: [20.1] new"}},
		{name: "a person and others", login: "alice", before: []before{{"bob", line("demo", Run{9, 1}, "b")}, {actionsBot, line("demo", Run{9, 1}, "c")}}, action: Created, calls: 4,
			want: []string{"bob: [9.1] b", "github-actions[bot]: [9.1] c", "alice: [20.1] new"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			for _, b := range tc.before {
				w.AddComment(project, number, b.author, b.body)
			}
			login := tc.login
			if login == "" {
				login = actionsBot
			}
			c := open(t, w, w.GitHubToken(login, true), quick)
			got, err := upsertComment(c, say(Run{20, 1}, "new"))
			if err != nil {
				t.Fatal(err)
			}
			run := tc.run
			if run == (Run{}) {
				run = Run{20, 1}
			}
			if got.Action != tc.action || got.Run != run {
				t.Errorf("result %+v, want %s of %s", got, tc.action, run)
			}
			if diff := cmp.Diff(tc.want, shown(w)); diff != "" {
				t.Errorf("comments (-want +got):\n%s", diff)
			}
			if n := len(w.Requests()); n != tc.calls {
				t.Errorf("%d calls, want %d: %+v", n, tc.calls, w.Requests())
			}
			ok := false
			for _, k := range w.Comments(project, number) {
				ok = ok || k.ID == got.ID && got.URL == fmt.Sprintf("https://github.com/%s/pull/7#issuecomment-%d", project, k.ID)
			}
			if !ok {
				t.Errorf("result %+v names no comment that is there", got)
			}
		})
	}
}

// TestPages looks for ours past the first page, and in the last place of one.
func TestPages(t *testing.T) {
	for _, before := range []int{99, 100, 250} {
		t.Run(fmt.Sprint(before), func(t *testing.T) {
			w := newWorld(t)
			for range before {
				w.AddComment(project, number, "alice", "hello")
			}
			w.AddComment(project, number, actionsBot, marker("demo", Run{1, 1})+"old")
			if _, err := upsertComment(actions(t, w), say(Run{2, 1}, "new")); err != nil {
				t.Fatal(err)
			}
			got := shown(w)
			if len(got) != before+1 || got[before] != "github-actions[bot]: [2.1] new" {
				t.Errorf("%d comments, the last %q", len(got), got[len(got)-1])
			}
		})
	}
}

// TestKeys: a comment for each key, and no key breaks out of the marker.
func TestKeys(t *testing.T) {
	w := newWorld(t)
	c := actions(t, w)
	keys := []string{"a", "b", "--> <img src=x>", "a\n", "a key=b run=1.1", "<!--", strings.Repeat("k", 100_000), "ключ", "\x00", "\xff"}
	for round := range 2 {
		for i, key := range keys {
			comment := Comment{Key: key, Run: Run{int64(round) + 1, 1}, Body: fmt.Sprintf("text %d", i)}
			if _, err := upsertComment(c, comment); err != nil {
				t.Fatalf("key %q: %v", key, err)
			}
		}
	}
	got := w.Comments(project, number)
	if len(got) != len(keys) {
		t.Fatalf("%d comments, want %d", len(got), len(keys))
	}
	for i, k := range got {
		first, rest, _ := strings.Cut(k.Body, "\n")
		if rest != fmt.Sprintf("text %d", i) || strings.Index(first, "-->") != len(first)-3 || len(first) >= maxMarker {
			t.Errorf("comment %d: %q", i, k.Body)
		}
	}
}

// TestBodyLimit counts as GitHub may: nothing that is taken here is refused there.
func TestBodyLimit(t *testing.T) {
	for _, tc := range []struct {
		name, unit string
		length     int // of unit
	}{
		{"ASCII", "a", 1}, {"two bytes", "ä", 1}, {"three bytes", "€", 1}, {"surrogate pair", "😀", 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			c := actions(t, w)
			fits := strings.Repeat(tc.unit, MaxBody/tc.length)
			if Length(fits) != MaxBody {
				t.Fatalf("length %d, want %d", Length(fits), MaxBody)
			}
			last := Run{1<<63 - 1, 1<<63 - 1} // the longest marker
			if _, err := upsertComment(c, say(last, fits+"x")); kindOf(t, err) != Invalid {
				t.Errorf("one too many: %v", err)
			}
			if n := len(w.Requests()); n != 0 {
				t.Errorf("%d calls for what cannot be", n)
			}
			if _, err := upsertComment(c, say(last, fits)); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			got := w.Comments(project, number)
			if len(got) != 1 || !strings.HasSuffix(got[0].Body, "\n"+fits) {
				t.Errorf("%d comments", len(got))
			}
		})
	}
}

func TestUpsertRefuses(t *testing.T) {
	good := say(Run{1, 1}, "text")
	with := func(f func(*Comment)) Comment { c := good; f(&c); return c }
	for _, tc := range []struct {
		name, owner, repo string
		number            int
		comment           Comment
	}{
		{"no number", owner, repo, 0, good},
		{"negative number", owner, repo, -1, good},
		{"path in the owner", "../..", repo, number, good},
		{"dots", owner, "..", number, good},
		{"path in the repository", owner, "x/issues/1?", number, good},
		{"no repository", owner, "", number, good},
		{"no key", owner, repo, number, with(func(c *Comment) { c.Key = "" })},
		{"no run", owner, repo, number, with(func(c *Comment) { c.Run = Run{} })},
		{"no attempt", owner, repo, number, with(func(c *Comment) { c.Run.Attempt = 0 })},
		{"no text", owner, repo, number, with(func(c *Comment) { c.Body = " \n" })},
		{"not UTF-8", owner, repo, number, with(func(c *Comment) { c.Body = "a\xff" })},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			_, err := actions(t, w).Upsert(context.Background(), tc.owner, tc.repo, tc.number, tc.comment)
			if kindOf(t, err) != Invalid || len(w.Requests()) != 0 {
				t.Errorf("got %v after %d calls, want an error of kind invalid before any", err, len(w.Requests()))
			}
		})
	}
}

func TestFindByHead(t *testing.T) {
	sha := func(s string) string { return strings.Repeat(s, 40) }
	w := newWorld(t) // number 7 is octo-org:topic at 1111
	for i := range 120 {
		w.CreatePullRequest(fake.PullRequest{Repository: project, Number: 100 + i, HeadRepository: "fork/connector", HeadBranch: "topic", HeadSHA: sha("2")})
	}
	for _, p := range []fake.PullRequest{
		{Number: 8, HeadRepository: "fork/connector", HeadBranch: "topic", HeadSHA: sha("3")},
		{Number: 9, HeadRepository: "fork/connector", HeadBranch: "topic", HeadSHA: sha("3")},
		{Number: 10, HeadRepository: "fork/connector", HeadBranch: "done", HeadSHA: sha("4"), Closed: true},
		{Number: 11, HeadRepository: "fork/connector", HeadBranch: "a&b=c#d/é", HeadSHA: sha("5")},
	} {
		p.Repository = project
		w.CreatePullRequest(p)
	}
	c := open(t, w, w.GitHubToken(actionsBot, false), quick)
	for _, tc := range []struct {
		name, owner, branch, sha string
		want                     int
		kind                     Kind
	}{
		{name: "this repository", owner: owner, branch: "topic", sha: sha("1"), want: 7},
		{name: "without regard to case", owner: "Octo-Org", branch: "topic", sha: sha("1"), want: 7},
		{name: "a fork, second page, two bases", owner: "fork", branch: "topic", sha: sha("3"), want: 8},
		{name: "moved on", owner: "fork", branch: "topic", sha: sha("9")},
		{name: "closed", owner: "fork", branch: "done", sha: sha("4")},
		{name: "odd branch", owner: "fork", branch: "a&b=c#d/é", sha: sha("5"), want: 11},
		{name: "another owner's branch", owner: "other", branch: "topic", sha: sha("3")},
		{name: "no owner", owner: "", branch: "topic", sha: sha("3"), kind: Invalid},
		{name: "no branch", owner: "fork", branch: "", sha: sha("3"), kind: Invalid},
		{name: "short hash", owner: "fork", branch: "topic", sha: "333", kind: Invalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, found, err := c.FindByHead(context.Background(), owner, repo, tc.owner, tc.branch, tc.sha)
			if got != tc.want || found != (tc.want != 0) || kindOf(t, err) != tc.kind {
				t.Errorf("got %d, %v, %v, want %d %s", got, found, err, tc.want, tc.kind)
			}
		})
	}
	_, _, err := c.FindByHead(context.Background(), owner, "other", "fork", "topic", sha("3"))
	if kindOf(t, err) != NotFound {
		t.Errorf("another repository: %v", err)
	}
}
