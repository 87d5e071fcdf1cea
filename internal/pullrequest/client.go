package pullrequest

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/google/go-github/v60/github"
)

// Config says which GitHub, and as whom.
type Config struct {
	// API is the base of the REST API as in GITHUB_API_URL, such as
	// https://api.github.com or https://github.example.com/api/v3. Plain http is
	// taken on a loopback address only.
	API string
	// Token is sent to API's host and to no other.
	Token string
	// UserAgent names the program; glue-connector if it is empty.
	UserAgent string
}

// Client talks to one GitHub with one token. It may be used from any goroutine.
type Client struct {
	gh      *github.Client
	graphQL string // relative to the base
	token   string
	limits  limits

	mu    sync.Mutex
	login string // of the token, once GitHub was asked
}

// limits are the times that things may take. Tests shorten them.
type limits struct {
	call      time.Duration // one call, with its redirects and its body
	total     time.Duration // everything, with all waits
	backoff   time.Duration // before the first repetition; it doubles
	longest   time.Duration // wait that GitHub may ask for
	secondary time.Duration // wait after a rate limit that names no time
	settle    time.Duration // between a write and the look at what others did
}

var defaultLimits = limits{
	call:      30 * time.Second,
	total:     2 * time.Minute,
	backoff:   500 * time.Millisecond,
	longest:   time.Minute,
	secondary: time.Minute, // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
	settle:    300 * time.Millisecond,
}

// repeats is how often something is tried again.
const repeats = 3

// New makes a client. It calls nothing; what is wrong with the configuration is
// an [Error] of kind Invalid.
func New(c Config) (*Client, error) { return newClient(c, defaultLimits) }

func newClient(c Config, l limits) (*Client, error) {
	base, err := parseBase(c.API)
	if err != nil {
		return nil, invalid("reading the URL of GitHub's API", err, "GITHUB_API_URL is such as https://api.github.com or https://github.example.com/api/v3.")
	}
	if !tokenText().MatchString(c.Token) {
		return nil, invalid("reading the token", errors.New("it is empty, or has characters that no token has"), "Pass github-token: ${{ github.token }}.")
	}
	g := &guard{base: newTransport(l.call), scheme: base.Scheme, host: base.Host, token: c.Token}
	gh := github.NewClient(&http.Client{Transport: g, CheckRedirect: g.redirect, Timeout: l.call})
	gh.BaseURL = base
	gh.UserAgent = c.UserAgent
	if gh.UserAgent == "" {
		gh.UserAgent = "glue-connector"
	}
	// Enterprise has GraphQL beside REST, not below it:
	// https://docs.github.com/en/enterprise-server/graphql/guides/forming-calls-with-graphql
	graphQL := "graphql"
	if strings.HasSuffix(base.Path, "/api/v3/") {
		graphQL = "../graphql"
	}
	return &Client{gh: gh, graphQL: graphQL, token: c.Token, limits: l}, nil
}

// tokenText keeps what no header can carry out of one.
var tokenText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[!-~]+$`) })

// parseBase reads the base of the API. Its errors quote nothing: the value may
// hold a password.
func parseBase(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return nil, errors.New("it is no URL with a host")
	case u.User != nil:
		return nil, errors.New("it holds a user or a password")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(s, "#"):
		return nil, errors.New("it has a query or a fragment")
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		return nil, errors.New("it is not https")
	}
	u.Path = strings.TrimRight(u.Path, "/") + "/"
	u.RawPath = ""
	return u, nil
}

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// repositoryPart is an owner or the name of a repository: it becomes a part of a path.
var repositoryPart = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`) })

func checkRepository(owner, repo string) error {
	for _, part := range []string{owner, repo} {
		if !repositoryPart().MatchString(part) || part == "." || part == ".." {
			return invalid("reading the repository", errors.New("it is not of the form owner/name"), "GITHUB_REPOSITORY is such as octo-org/connector.")
		}
	}
	return nil
}
