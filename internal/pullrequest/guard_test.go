package pullrequest

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/fake"
)

// TestOtherHostGetsNothing: neither a redirect nor a Link header takes a request
// to another host, on any call.
func TestOtherHostGetsNothing(t *testing.T) {
	for _, on := range []on{onList, onCreate, onUpdate, onDelete, onViewer} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(fmt.Sprint(on.method, on.path, status), func(t *testing.T) {
				w, other := newWorld(t), newWorld(t)
				target := strings.Replace(other.GitHubURL(), "127.0.0.1", "localhost", 1)
				spoil(w, on, 0, forEver, answer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					http.Redirect(rw, r, target+r.URL.Path+"?token=secret", status)
				})))
				login := actionsBot
				if on != onCreate {
					login = "alice"
					for range 2 {
						w.AddComment(project, number, login, marker("demo", Run{1, 1})+"old")
					}
				}
				_, err := upsertComment(open(t, w, w.GitHubToken(login, true), quick), say(Run{2, 1}, "new"))
				if n := len(other.Requests()); n != 0 {
					t.Errorf("the other host got %d requests: %+v", n, other.Requests())
				}
				if on == onDelete { // the comment is there; the duplicate waits for the next run
					if err != nil {
						t.Error(err)
					}
					return
				}
				if kindOf(t, err) != Unavailable || strings.Contains(err.Error(), "secret") {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestDowngrade: from https to http on the same host and port is another origin.
func TestDowngrade(t *testing.T) {
	sent := errors.New("sent")
	g := &guard{scheme: "https", host: "api.github.com", base: roundTripper(func(*http.Request) (*http.Response, error) { return nil, sent })}
	via := []*http.Request{httptest.NewRequest("GET", "https://api.github.com/repos/a/b", nil)}
	for target, ok := range map[string]bool{
		"https://api.github.com/repositories/1":       true,
		"http://api.github.com/repos/a/b":             false,
		"https://api.github.com:444/repos/a/b":        false,
		"https://api.github.com.evil.example/":        false,
		"https://evil.example/https://api.github.com": false,
	} {
		req := httptest.NewRequest("GET", target, nil)
		if err := g.redirect(req, via); (err == nil) != ok {
			t.Errorf("%s: %v", target, err)
		}
		if _, err := g.RoundTrip(req); (err == sent) != ok {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// TestRenamed: GitHub redirects calls for a repository that has a new name. It
// keeps the method of those that write; a proxy that does not is found out.
func TestRenamed(t *testing.T) {
	for status, want := range map[int]Kind{307: "", 308: "", 301: Unavailable, 302: Unavailable, 303: Unavailable} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			w := newWorld(t)
			w.AddComment(project, number, actionsBot, marker("demo", Run{1, 1})+"old")
			w.Intercept(func(r *http.Request) http.Handler {
				rest, ok := strings.CutPrefix(r.URL.Path, "/repos/octo-org/old-name/")
				if !ok {
					return nil
				}
				code := status
				if r.Method == "GET" {
					code = 301
				}
				return http.RedirectHandler("/repos/"+project+"/"+rest+"?"+r.URL.RawQuery, code)
			})
			_, err := actions(t, w).Upsert(t.Context(), owner, "old-name", number, say(Run{2, 1}, "new"))
			text := "github-actions[bot]: [2.1] new"
			if want != "" {
				text = "github-actions[bot]: [1.1] old"
			}
			if kindOf(t, err) != want {
				t.Errorf("got %v, want kind %q", err, want)
			}
			if diff := cmp.Diff([]string{text}, shown(w)); diff != "" {
				t.Errorf("comments (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("in circles", func(t *testing.T) {
		w := newWorld(t)
		spoil(w, onList, 0, forEver, answer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, r.URL.RequestURI(), http.StatusTemporaryRedirect)
		})))
		if _, err := upsertComment(actions(t, w), say(Run{2, 1}, "new")); kindOf(t, err) != Unavailable || len(w.Requests()) > 2*maxRedirects {
			t.Errorf("got %v after %d requests", err, len(w.Requests()))
		}
	})
}

// TestLink: a list that goes on elsewhere, in circles or for ever is not followed.
func TestLink(t *testing.T) {
	for _, tc := range []struct {
		name, link string // {host} and {other} are filled in
		max        int    // requests
		want       Kind
	}{
		{"back to the first", `<{host}/repos/octo-org/connector/issues/7/comments?page=1>; rel="next"`, 1, Unavailable},
		{"skips", `<{host}/repos/octo-org/connector/issues/7/comments?page=3>; rel="next"`, 1, Unavailable},
		{"far", `<{host}/?page=9223372036854775807>; rel="next"`, 1, Unavailable},
		{"no number", `<{host}/?page=two>; rel="next"`, 1, Unavailable},
		{"a cursor", `<{host}/?after=abc>; rel="next"`, 1, Unavailable},
		{"no parameter", `<{host}/>; rel="next"`, 1, Unavailable},
		{"no URL", `<:>; rel="next"`, 1, Unavailable},
		{"another host", `<{other}/repos/octo-org/connector/issues/7/comments?page=2>; rel="next"`, 2, Unavailable},
		{"only last", `<{host}/?page=1>; rel="last"`, 3, ""},
		{"garbage", `;;;<<<`, 3, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w, other := newWorld(t), newWorld(t)
			link := strings.NewReplacer("{host}", w.GitHubURL(), "{other}", other.GitHubURL()).Replace(tc.link)
			spoil(w, onList, 0, forEver, done(func(rw http.ResponseWriter, real *httptest.ResponseRecorder) {
				rw.Header().Set("Link", link)
				rw.Write(real.Body.Bytes())
			}))
			_, err := upsertComment(actions(t, w), say(Run{2, 1}, "new"))
			if kindOf(t, err) != tc.want || len(w.Requests()) != tc.max || len(other.Requests()) != 0 {
				t.Errorf("got %v after %d requests, and %d elsewhere", err, len(w.Requests()), len(other.Requests()))
			}
			if n := len(w.Comments(project, number)); (n == 1) != (tc.want == "") {
				t.Errorf("%d comments", n)
			}
		})
	}
	t.Run("for ever", func(t *testing.T) {
		w := newWorld(t)
		spoil(w, onList, 0, forEver, answer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			var page int
			fmt.Sscan(r.URL.Query().Get("page"), &page)
			rw.Header().Set("Link", fmt.Sprintf(`<%s/?page=%d>; rel="next"`, w.GitHubURL(), page+1))
			fmt.Fprint(rw, "[]")
		})))
		if _, err := upsertComment(actions(t, w), say(Run{2, 1}, "new")); kindOf(t, err) != Unavailable || len(w.Requests()) != maxPages {
			t.Errorf("got %v after %d requests", err, len(w.Requests()))
		}
	})
}

func TestNew(t *testing.T) {
	for _, tc := range []struct {
		api string
		ok  bool
	}{
		{"https://api.github.com", true},
		{"https://api.github.com/", true},
		{"https://github.example.com/api/v3", true},
		{"https://api.octo.ghe.com", true},
		{"http://127.0.0.1:8080/api/v3", true},
		{"http://[::1]:8080", true},
		{"http://localhost", true},
		{"", false},
		{"api.github.com", false},
		{"http://api.github.com", false},
		{"http://127.0.0.1.evil.example", false},
		{"http://localhost.evil.example", false},
		{"https://user:hunter2@api.github.com", false},
		{"https://hunter2@api.github.com", false},
		{"http://user:hunter2@127.0.0.1", false},
		{"https://api.github.com/?x=hunter2", false},
		{"https://api.github.com/?", false},
		{"https://api.github.com/#hunter2", false},
		{"ftp://api.github.com", false},
		{"https:api.github.com", false},
		{"https://api.github.com:port", false},
		{"https://hunter2:\x00@api", false},
	} {
		c, err := New(Config{API: tc.api, Token: "ghs_x"})
		if (err == nil) != tc.ok || (c == nil) != (err != nil) {
			t.Errorf("%q: %v", tc.api, err)
		}
		if err != nil && (kindOf(t, err) != Invalid || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("%q: %v", tc.api, err)
		}
	}
	for _, token := range []string{"", "ghs_hunter2\n", "ghs_hunter2 x", "ghs_hunter2é"} {
		_, err := New(Config{API: "https://api.github.com", Token: token})
		if kindOf(t, err) != Invalid || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", token, err)
		}
	}
}

// TestEnterprise has the API below a path, and GraphQL beside it.
func TestEnterprise(t *testing.T) {
	w := newWorld(t)
	w.AddComment(project, number, "my-app[bot]", marker("demo", Run{1, 1})+"old")
	c, err := newClient(Config{API: w.GitHubURL() + "/api/v3", Token: w.GitHubToken("my-app[bot]", true)}, quick)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := upsertComment(c, say(Run{2, 1}, "new")); err != nil {
		t.Error(err)
	}
	for _, r := range w.Requests() {
		if !strings.HasPrefix(r.Path, "/api/v3/repos/") && r.Path != "/api/graphql" {
			t.Errorf("asked for %s", r.Path)
		}
	}
	if diff := cmp.Diff([]string{"my-app[bot]: [2.1] new"}, shown(w)); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
}

// TestTokenStaysOut: a server that repeats the token does not get it into an error.
func TestTokenStaysOut(t *testing.T) {
	w := newWorld(t)
	c := actions(t, w)
	spoil(w, onList, 0, forEver, answer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		fake.GitHubRefusal(403, "no: "+r.Header.Get("Authorization")+"\n::error::x\u202e\x1b[31m"+strings.Repeat("y", 9999)).ServeHTTP(rw, r)
	})))
	_, err := upsertComment(c, say(Run{2, 1}, "new"))
	if kindOf(t, err) != ReadOnly || strings.Contains(err.Error(), c.token) || !strings.Contains(err.Error(), `no: Bearer ***\n::error::x\u202e\x1b[31myyy`) {
		t.Errorf("got %v", err)
	}
}

// TestLarge bounds what is read.
func TestLarge(t *testing.T) {
	for status, limit := range map[int]int64{200: maxAnswer, 500: maxRefusal} {
		w := newWorld(t)
		var sent atomic.Int64
		spoil(w, onList, 0, 1, answer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			rw.WriteHeader(status)
			block := []byte(strings.Repeat(" ", 1<<20))
			for range 2 * maxAnswer >> 20 {
				n, err := rw.Write(block)
				if sent.Add(int64(n)); err != nil {
					return
				}
			}
		})))
		patient := quick // tens of megabytes take a while on a busy machine
		patient.call, patient.total = time.Minute, 2*time.Minute
		_, err := upsertComment(open(t, w, w.GitHubToken(actionsBot, true), patient), say(Run{2, 1}, "new"))
		if status == 200 && (kindOf(t, err) != Unavailable || !strings.Contains(err.Error(), errTooLarge.Error())) || status == 500 && err != nil {
			t.Errorf("%d: got %v", status, err)
		}
		if n := sent.Load(); n > limit+32<<20 { // what the sockets hold
			t.Errorf("%d: %d bytes were taken", status, n)
		}
	}
}
