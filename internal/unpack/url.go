package unpack

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// The two patterns of the script (G7, G8). Python's $ also matches before a
// final newline, but urlparse has removed newlines by then.
var (
	hostPattern  = regexp.MustCompile(`^[0-9]{12}\.dkr\.ecr\.[a-z]{2}-[a-z]{4}-[0-9]\.amazonaws\.com$`)
	imagePattern = regexp.MustCompile(`^[^:]+:[^:]+$`)
)

// A region that AWS has and the host pattern refuses.
var otherHost = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9]{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com$`)
})

// What the distribution specification allows as a tag.
var tagPattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

const maxTag = 128

// location is a URL as Python's urlparse splits it, without fragments.
type location struct {
	scheme, host, path string
	dropped            bool // a query or parameters were there
}

// ParseURL splits a CONNECTOR_URL as Glue does. It is ok if both of Glue's
// patterns match, which does not mean that a registry can serve it: CheckURL
// says more.
func ParseURL(url string) (host, repository, tag string, ok bool) {
	at := split(url)
	if !hostPattern.MatchString(at.host) || !imagePattern.MatchString(at.path) {
		return "", "", "", false
	}
	repository, tag, _ = strings.Cut(at.path, ":")
	return at.host, repository, tag, true
}

// CheckURL says what Glue would make of a CONNECTOR_URL. Like Glue it looks at
// the image name only if the host passes.
func CheckURL(url string) []Problem {
	at := split(url)
	if !hostPattern.MatchString(at.host) {
		return []Problem{{Code: URLRegistry, Detail: hostDetail(at),
			Log: "ValueError: malformed registry, correct pattern is https://aws_account_id.dkr.ecr.region.amazonaws.com"}}
	}
	if !imagePattern.MatchString(at.path) {
		return []Problem{{Code: URLImageName,
			Detail: fmt.Sprintf("The path %q is not of the form repository:tag with exactly one colon.", clip(at.path)),
			Log:    "ValueError: malformed image name, only one colon allowed to delimit image name and tag"}}
	}
	var problems []Problem
	repository, tag, _ := strings.Cut(at.path, ":")
	switch {
	case strings.Contains(repository, "@"):
		problems = append(problems, Problem{Code: URLDigest,
			Detail: fmt.Sprintf("Glue takes %q for the repository and the digest for a tag; name a tag.", clip(repository))})
	case len(tag) > maxTag, !tagPattern.MatchString(tag):
		problems = append(problems, Problem{Code: URLTag,
			Detail: fmt.Sprintf("Glue asks the registry for the tag %q, which cannot exist.", clip(tag))})
	}
	if at.scheme != "https" {
		problems = append(problems, Problem{Code: URLScheme,
			Detail: fmt.Sprintf("The scheme is %q; Glue does not look at it and uses https.", clip(at.scheme))})
	}
	if at.dropped {
		problems = append(problems, Problem{Code: URLDropped,
			Detail: "Glue drops what follows the tag after a question mark or a semicolon."})
	}
	return problems
}

func hostDetail(at location) string {
	if at.host == "" {
		return "The URL has no host; it must start with https://."
	}
	if match := otherHost().FindStringSubmatch(at.host); match != nil {
		return fmt.Sprintf("Glue takes no registry in the region %q: it wants two letters, four letters and a digit, as in us-east-1.", clip(match[1]))
	}
	return fmt.Sprintf("The host %q is not of the form <12 digits>.dkr.ecr.<region>.amazonaws.com.", clip(at.host))
}

// split follows urlparse(url, allow_fragments=False) of Python 3.11.4 and later.
func split(url string) location {
	var at location
	url = strings.TrimLeftFunc(url, func(r rune) bool { return r <= ' ' })
	url = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(url)
	if scheme, rest, ok := strings.Cut(url, ":"); ok && isScheme(scheme) {
		at.scheme, url = strings.ToLower(scheme), rest
	}
	if strings.HasPrefix(url, "//") {
		at.host, url = url[2:], ""
		if end := strings.IndexAny(at.host, "/?#"); end >= 0 {
			at.host, url = at.host[:end], at.host[end:]
		}
	}
	url, _, at.dropped = strings.Cut(url, "?")
	if semicolon := strings.Index(url[strings.LastIndex(url, "/")+1:], ";"); semicolon >= 0 {
		url, at.dropped = url[:strings.LastIndex(url, "/")+1+semicolon], true
	}
	at.path = strings.Trim(url, "/")
	return at
}

func isScheme(s string) bool {
	for i, r := range []byte(s) {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z'
		other := '0' <= r && r <= '9' || r == '+' || r == '-' || r == '.'
		if !letter && (i == 0 || !other) {
			return false
		}
	}
	return s != ""
}
