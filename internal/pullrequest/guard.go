package pullrequest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

var (
	errForeign  = errors.New("GitHub's API redirects to another host, which gets no token")
	errMethod   = errors.New("GitHub's API redirects a call that writes to one that reads")
	errLoop     = errors.New("GitHub's API redirects too often")
	errTooLarge = errors.New("the answer is larger than any list of comments")
	errEmpty    = errors.New("the answer is empty")
)

const (
	dialTimeout  = 10 * time.Second
	maxRedirects = 5
	maxAnswer    = 64 << 20 // bytes; a hundred of the largest comments, escaped
	maxRefusal   = 32 << 10
)

func newTransport(call time.Duration) *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   dialTimeout,
		ResponseHeaderTimeout: call,
		IdleConnTimeout:       30 * time.Second,
		MaxIdleConnsPerHost:   4,
	}
}

// guard adds the token, and sends nothing to any other host or scheme. go-github's
// own WithAuthToken also adds it to requests that follow a redirect elsewhere.
type guard struct {
	base         http.RoundTripper
	scheme, host string
	token        string
}

// RoundTrip sends a request with the token, and bounds the body of the answer,
// which go-github reads whole.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != g.scheme || req.URL.Host != g.host {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, errForeign
	}
	out := req.Clone(req.Context())
	out.Header.Set("Authorization", "Bearer "+g.token)
	resp, err := g.base.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	limit, full := int64(maxAnswer), errTooLarge
	if resp.StatusCode >= 300 {
		limit, full = maxRefusal, io.EOF // a part of it will do
	}
	resp.Body = &bounded{ReadCloser: resp.Body, left: limit, full: full}
	return resp, nil
}

// redirect follows a repository that was renamed, and nothing else. net/http
// makes a GET of what is redirected with a 301 or 302: an update would seem to
// succeed.
func (g *guard) redirect(req *http.Request, via []*http.Request) error {
	switch {
	case req.URL.Scheme != g.scheme || req.URL.Host != g.host:
		return errForeign
	case req.Method != via[0].Method:
		return fmt.Errorf("%w: %s", errMethod, via[0].Method)
	case len(via) > maxRedirects:
		return errLoop
	}
	return nil
}

// bounded is a body that ends with an error, or just ends, at a limit.
type bounded struct {
	io.ReadCloser
	left int64
	full error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, b.full
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
