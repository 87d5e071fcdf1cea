package fake_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/fake"
)

const (
	project = "octo-org/connector"
	thread  = "/repos/" + project + "/issues/7/comments"
)

// gitHub sends a call to a world's GitHub, with token unless it is "".
func gitHub(t *testing.T, w *fake.World, token, method, path, body string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, w.GitHubURL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := w.HTTPClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}

func TestGitHubRefuses(t *testing.T) {
	long := `{"body":"` + strings.Repeat("ä", 65537) + `"}`
	for _, tc := range []struct {
		name, login, method, path, body string
		write                           bool
		status                          int
		want                            string
	}{
		{"no token", "", "GET", thread, "", false, 401, "Requires authentication"},
		{"unknown token", "?", "GET", thread, "", false, 401, "Bad credentials"},
		{"other pull request", "alice", "GET", "/repos/" + project + "/issues/8/comments", "", true, 404, "Not Found"},
		{"other repository", "alice", "GET", "/repos/octo-org/other/pulls", "", true, 404, "Not Found"},
		{"no comment", "alice", "PATCH", "/repos/" + project + "/issues/comments/1", `{"body":"x"}`, true, 404, "Not Found"},
		{"App that reads", "github-actions[bot]", "POST", thread, `{"body":"x"}`, false, 403, "Resource not accessible by integration"},
		{"user that reads", "alice", "POST", thread, `{"body":"x"}`, false, 403, "Resource not accessible by personal access token"},
		{"locked", "alice", "POST", "/repos/" + project + "/issues/9/comments", `{"body":"x"}`, true, 403, "Unable to create comment because issue is locked."},
		{"blank", "alice", "POST", thread, `{"body":" "}`, true, 422, "Body cannot be blank"},
		{"no body", "alice", "POST", thread, `{}`, true, 422, "Body cannot be blank"},
		{"too long", "alice", "POST", thread, long, true, 422, "Body is too long (maximum is 65536 characters)"},
		{"not JSON", "alice", "POST", thread, `{`, true, 400, "Problems parsing JSON"},
		{"App's user", "github-actions[bot]", "GET", "/user", "", true, 403, "Resource not accessible by integration"},
		{"unknown call", "alice", "PUT", "/repos/" + project + "/issues/7/lock", "", true, 501, "no fake for PUT /repos/" + project + "/issues/7/lock"},
		{"unknown parameter", "alice", "GET", thread + "?since=2026-01-01", "", true, 501, "no fake for GET " + thread + "?since=2026-01-01"},
		{"unknown query", "alice", "POST", "/graphql", `{"query":"{rateLimit{cost}}"}`, true, 501, "no fake for the query"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.CreatePullRequest(fake.PullRequest{Repository: project, Number: 7})
			w.CreatePullRequest(fake.PullRequest{Repository: project, Number: 9, Locked: true})
			token := tc.login
			if token != "" && token != "?" {
				token = w.GitHubToken(tc.login, tc.write)
			}
			resp, body := gitHub(t, w, token, tc.method, tc.path, tc.body)
			if resp.StatusCode != tc.status || !strings.Contains(body, tc.want) {
				t.Errorf("got %d %s, want %d %s", resp.StatusCode, body, tc.status, tc.want)
			}
			for _, n := range []int{7, 9} {
				if c := w.Comments(project, n); c != nil {
					t.Errorf("comments of %d: %+v", n, c)
				}
			}
		})
	}
}

func TestGitHubComments(t *testing.T) {
	w := newWorld(t)
	w.CreatePullRequest(fake.PullRequest{Repository: project, Number: 7})
	bot, alice := w.GitHubToken("github-actions[bot]", true), w.GitHubToken("alice", true)
	if bot == alice || !strings.HasPrefix(bot, "ghs_") || !strings.HasPrefix(alice, "ghp_") {
		t.Errorf("tokens %s and %s", bot, alice)
	}
	var made struct {
		ID      int64
		Body    string
		HTMLURL string `json:"html_url"`
		User    struct{ Login, Type string }
		Created time.Time `json:"created_at"`
	}
	resp, body := gitHub(t, w, bot, "POST", thread, `{"body":"one"}`)
	if err := json.Unmarshal([]byte(body), &made); err != nil || resp.StatusCode != 201 {
		t.Fatalf("got %d %s, %v", resp.StatusCode, body, err)
	}
	if made.User.Login != "github-actions[bot]" || made.User.Type != "Bot" || made.Created.IsZero() ||
		made.HTMLURL != fmt.Sprintf("https://github.com/%s/pull/7#issuecomment-%d", project, made.ID) {
		t.Errorf("comment %+v", made)
	}
	gitHub(t, w, alice, "POST", "/api/v3"+thread, `{"body":"two"}`)
	gitHub(t, w, alice, "PATCH", fmt.Sprintf("/repos/%s/issues/comments/%d", project, made.ID), `{"body":"three"}`)
	want := []fake.Comment{
		{ID: made.ID, Author: "github-actions[bot]", Body: "three", Edits: 1},
		{ID: made.ID + 1, Author: "alice", Body: "two"},
	}
	if diff := cmp.Diff(want, w.Comments(project, 7)); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
	if resp, _ := gitHub(t, w, bot, "DELETE", fmt.Sprintf("/repos/%s/issues/comments/%d", project, made.ID), ""); resp.StatusCode != 204 {
		t.Errorf("deleting: %d", resp.StatusCode)
	}
	if diff := cmp.Diff(want[1:], w.Comments(project, 7)); diff != "" {
		t.Errorf("comments after deleting (-want +got):\n%s", diff)
	}
	if _, body := gitHub(t, w, bot, "POST", "/api/graphql", `{"query":"{ viewer { login } }"}`); !strings.Contains(body, `"github-actions[bot]"`) {
		t.Errorf("viewer: %s", body)
	}
}

func TestGitHubPages(t *testing.T) {
	w := newWorld(t)
	w.CreatePullRequest(fake.PullRequest{Repository: project, Number: 7})
	for i := range 250 {
		w.AddComment(project, 7, "alice", fmt.Sprint(i))
	}
	token := w.GitHubToken("alice", false)
	sizes, path := []int{}, thread+"?per_page=100"
	for path != "" {
		resp, body := gitHub(t, w, token, "GET", path, "")
		var list []struct{ Body string }
		if err := json.Unmarshal([]byte(body), &list); err != nil {
			t.Fatal(err)
		}
		sizes, path = append(sizes, len(list)), ""
		for link := range strings.SplitSeq(resp.Header.Get("Link"), ", ") {
			if url, ok := strings.CutSuffix(link, `>; rel="next"`); ok {
				path = strings.TrimPrefix(url, "<"+w.GitHubURL())
			}
		}
	}
	if diff := cmp.Diff([]int{100, 100, 50}, sizes); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	if resp, body := gitHub(t, w, token, "GET", thread+"?page=99", ""); body != "[]\n" || resp.StatusCode != 200 {
		t.Errorf("past the end: %d %s", resp.StatusCode, body)
	}
}

func TestGitHubPulls(t *testing.T) {
	w := newWorld(t)
	for _, p := range []fake.PullRequest{
		{Repository: project, Number: 1, HeadBranch: "topic", HeadSHA: "1111"},
		{Repository: project, Number: 2, HeadRepository: "fork/connector", HeadBranch: "topic", HeadSHA: "2222"},
		{Repository: project, Number: 3, HeadRepository: "fork/connector", HeadBranch: "topic", HeadSHA: "3333", Closed: true},
	} {
		w.CreatePullRequest(p)
	}
	token := w.GitHubToken("alice", false)
	for query, want := range map[string][]int{
		"":                                  {2, 1},
		"?state=open&head=fork:topic":       {2},
		"?state=all&head=fork:topic":        {3, 2},
		"?head=topic":                       {2, 1}, // no owner, no filter
		"?head=octo-org:topic&state=closed": {},
	} {
		resp, body := gitHub(t, w, token, "GET", "/repos/"+project+"/pulls"+query, "")
		var list []struct{ Number int }
		if err := json.Unmarshal([]byte(body), &list); err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: %d %s", query, resp.StatusCode, body)
		}
		got := []int{}
		for _, p := range list {
			got = append(got, p.Number)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	if _, body := gitHub(t, w, token, "GET", "/repos/"+project+"/pulls/2", ""); !strings.Contains(body, `"sha":"2222"`) {
		t.Errorf("pull request 2: %s", body)
	}
}

func TestGitHubLimit(t *testing.T) {
	w := newWorld(t)
	w.CreatePullRequest(fake.PullRequest{Repository: project, Number: 7})
	token := w.GitHubToken("alice", true)
	w.LimitGitHub(1, time.Unix(2_000_000_000, 0))
	for _, want := range []int{200, 403} {
		resp, body := gitHub(t, w, token, "GET", thread, "")
		if resp.StatusCode != want || resp.Header.Get("X-RateLimit-Remaining") != "0" || resp.Header.Get("X-RateLimit-Reset") != "2000000000" {
			t.Errorf("got %d %v %s, want %d", resp.StatusCode, resp.Header, body, want)
		}
	}
}
