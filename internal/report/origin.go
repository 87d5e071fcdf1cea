package report

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Origin is where a report comes from: what its links are made of. It is the
// runner's or GitHub's word, never a report's own. Where a part is missing or
// has not its form, what would be a link is text.
type Origin struct {
	Server      string // https://github.com
	Repository  string // owner/name
	Commit      string // in full
	RunID       int64
	RunAttempt  int
	PullRequest int
}

var (
	serverPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^https://[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:[0-9]{1,5})?$`)
	})
	repositoryPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}/[A-Za-z0-9_.-]{1,100}$`) })
	commitPattern     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`) })
)

// Revision is the commit, "" if it is not known.
func (o Origin) Revision() string {
	if !commitPattern().MatchString(o.Commit) {
		return ""
	}
	return o.Commit
}

// Home is the repository's URL, "" if it is not known.
func (o Origin) Home() string {
	if !serverPattern().MatchString(o.Server) || !repositoryPattern().MatchString(o.Repository) {
		return ""
	}
	return o.Server + "/" + o.Repository
}

// file is the URL of a line of a file, "" if it has none.
func (o Origin) file(name string, line int) string {
	if o.Home() == "" || !commitPattern().MatchString(o.Commit) || !inRepository(name) {
		return ""
	}
	u := o.Home() + "/blob/" + o.Commit + "/" + escapePath(name)
	if line > 0 {
		u += "#L" + strconv.Itoa(line)
	}
	return u
}

// run is a link to the run in Markdown, "" if it is not known.
func (o Origin) run() string {
	if o.Home() == "" || o.RunID <= 0 {
		return ""
	}
	u := o.Home() + "/actions/runs/" + strconv.FormatInt(o.RunID, 10)
	if o.RunAttempt > 0 {
		u += "/attempts/" + strconv.Itoa(o.RunAttempt)
	}
	return "[the run](" + u + ")"
}

// inRepository tells whether a path can be that of a file in the repository.
func inRepository(name string) bool {
	return name != "" && len(name) <= 1000 && !path.IsAbs(name) && path.Clean(name) == name && name != "." && name != ".." && !strings.HasPrefix(name, "../")
}

// escapePath leaves letters, digits, -._~ and slashes alone and percent-encodes
// the rest, so that the path holds no mark of Markdown.
func escapePath(name string) string {
	return strings.NewReplacer("+", "%20", "%2F", "/").Replace(url.QueryEscape(name))
}
