package fake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// serveGitHub answers what this program asks of GitHub's REST API, version
// 2022-11-28: https://docs.github.com/en/rest. The paths are those of
// api.github.com; with /api/v3 in front they are those of GitHub Enterprise.
func (w *World) serveGitHub(rw http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	if p, ok := strings.CutPrefix(path, "/api/v3/"); ok {
		path = "/" + p
	} else if path == "/api/graphql" {
		path = "/graphql"
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxCall))
	if err != nil {
		GitHubRefusal(http.StatusBadRequest, "Problems reading the body").ServeHTTP(rw, r)
		return
	}
	c := &gitHubCall{Request: r, gitHub: w.gitHub, sent: body}
	c.answer(path, rw.Header()).ServeHTTP(rw, r)
}

// answer makes the whole answer, so that no slow client holds the lock.
func (c *gitHubCall) answer(path string, h http.Header) http.Handler {
	c.mu.Lock()
	defer c.mu.Unlock()
	if refusal := c.admit(h); refusal != nil {
		return refusal
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for _, route := range gitHubRoutes {
		if args, ok := route.match(c.Method, parts); ok {
			c.args = args
			return route.serve(c)
		}
	}
	return noGitHub(c.Request)
}

// gitHubRoute is one call of the API. A part of its path in braces is an argument.
type gitHubRoute struct {
	call  string // as in GitHub's documentation
	serve func(*gitHubCall) http.Handler
}

// gitHubRoutes is every call of GitHub's that the world models.
var gitHubRoutes = []gitHubRoute{
	{"GET /repos/{owner}/{repo}/issues/{number}/comments", (*gitHubCall).listComments},
	{"POST /repos/{owner}/{repo}/issues/{number}/comments", (*gitHubCall).createComment},
	{"GET /repos/{owner}/{repo}/issues/comments/{id}", (*gitHubCall).getComment},
	{"PATCH /repos/{owner}/{repo}/issues/comments/{id}", (*gitHubCall).updateComment},
	{"DELETE /repos/{owner}/{repo}/issues/comments/{id}", (*gitHubCall).deleteComment},
	{"GET /repos/{owner}/{repo}/pulls", (*gitHubCall).listPulls},
	{"GET /repos/{owner}/{repo}/pulls/{number}", (*gitHubCall).getPull},
	{"GET /repos/{owner}/{repo}/releases/tags/{tag}", (*gitHubCall).getRelease},
	{"GET /user", (*gitHubCall).getUser},
	{"POST /graphql", (*gitHubCall).graphQL},
}

func (g gitHubRoute) match(method string, parts []string) (args map[string]string, ok bool) {
	verb, path, _ := strings.Cut(g.call, " /")
	want := strings.Split(path, "/")
	if verb != method || len(want) != len(parts) {
		return nil, false
	}
	args = map[string]string{}
	for i, p := range want {
		if name, ok := strings.CutPrefix(p, "{"); ok {
			args[strings.TrimSuffix(name, "}")] = parts[i]
		} else if p != parts[i] {
			return nil, false
		}
	}
	return args, true
}

// gitHubCall is one call of the API, made while the world's lock is held.
type gitHubCall struct {
	*http.Request
	*gitHub
	token gitHubToken
	args  map[string]string
	sent  []byte // the body of the call
}

// admit counts the call against the primary rate limit and looks at its token.
func (c *gitHubCall) admit(h http.Header) http.Handler {
	const limit = 5000
	left := c.remaining
	c.remaining = max(left-1, 0)
	for k, v := range map[string]int64{"Limit": limit, "Remaining": int64(c.remaining), "Used": int64(limit - c.remaining), "Reset": c.reset.Unix()} {
		h.Set("X-RateLimit-"+k, strconv.FormatInt(v, 10))
	}
	h.Set("X-RateLimit-Resource", "core")
	if left <= 0 {
		return GitHubRefusal(http.StatusForbidden, "API rate limit exceeded for installation ID 1.")
	}
	scheme, secret, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	if secret == "" {
		return GitHubRefusal(http.StatusUnauthorized, "Requires authentication")
	}
	t, ok := c.tokens[secret]
	if !ok || !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "token") {
		return GitHubRefusal(http.StatusUnauthorized, "Bad credentials")
	}
	c.token = t
	return nil
}

// GitHubRefusal answers as GitHub does when it refuses a call, for
// [World.Intercept]; header holds names and values in turn.
func GitHubRefusal(status int, message string, header ...string) http.Handler {
	return gitHubAnswer(status, map[string]string{
		"message": message, "documentation_url": "https://docs.github.com/rest", "status": strconv.Itoa(status),
	}, header...)
}

// SecondaryRateLimit is GitHub's answer to too many calls in too short a time:
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.
func SecondaryRateLimit(retryAfter time.Duration) http.Handler {
	const why = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
	return GitHubRefusal(http.StatusForbidden, why, "Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
}

// invalid is the answer to a field that cannot be taken.
func invalid(resource, field, message string) http.Handler {
	return gitHubAnswer(http.StatusUnprocessableEntity, map[string]any{
		"message":           "Validation Failed",
		"errors":            []any{map[string]string{"resource": resource, "code": "unprocessable", "field": field, "message": message}},
		"documentation_url": "https://docs.github.com/rest/issues/comments#create-an-issue-comment",
		"status":            "422",
	})
}

func gitHubAnswer(status int, v any, header ...string) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			rw.Header().Set(header[i], header[i+1])
		}
		rw.Header().Set("Content-Type", "application/json; charset=utf-8")
		rw.WriteHeader(status)
		if status != http.StatusNoContent {
			json.NewEncoder(rw).Encode(v)
		}
	})
}

func notFound() http.Handler { return GitHubRefusal(http.StatusNotFound, "Not Found") }

func noGitHub(r *http.Request) http.Handler {
	return GitHubRefusal(http.StatusNotImplemented, fmt.Sprintf("no fake for %s %s", r.Method, r.URL.RequestURI()))
}

// query are the parameters of a list: those of a page, and others by name. One
// that the world does not model is not taken for nothing.
func (c *gitHubCall) query(others ...string) (page, size int, filter map[string]string, refusal http.Handler) {
	page, size, filter = 1, 30, map[string]string{}
	q := c.URL.Query()
	for _, name := range others {
		filter[name] = q.Get(name)
		q.Del(name)
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 0 {
		page = n
	}
	if n, err := strconv.Atoi(q.Get("per_page")); err == nil && n > 0 {
		size = min(n, 100)
	}
	q.Del("page")
	q.Del("per_page")
	if len(q) > 0 {
		return 0, 0, nil, noGitHub(c.Request)
	}
	return page, size, filter, nil
}

// paged cuts a page out of a list, with the Link header that leads on.
func paged[T any](c *gitHubCall, page, size int, all []T) http.Handler {
	last := max((len(all)+size-1)/size, 1)
	link := func(page int, rel string) string {
		u := *c.URL
		u.Scheme, u.Host = "http", c.Host
		q := u.Query()
		q.Set("page", strconv.Itoa(page))
		u.RawQuery = q.Encode()
		return fmt.Sprintf(`<%s>; rel="%s"`, u.String(), rel)
	}
	var links []string
	if page > 1 {
		links = append(links, link(page-1, "prev"))
	}
	if page < last {
		links = append(links, link(page+1, "next"), link(last, "last"))
	}
	if page > 1 {
		links = append(links, link(1, "first"))
	}
	from := min((page-1)*size, len(all))
	out := append([]T{}, all[from:min(from+size, len(all))]...)
	if links == nil {
		return gitHubAnswer(http.StatusOK, out)
	}
	return gitHubAnswer(http.StatusOK, out, "Link", strings.Join(links, ", "))
}
