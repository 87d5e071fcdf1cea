package registry

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"glue-connector/internal/connector"
)

const dialTimeout = 10 * time.Second

// limits are the times that things may take. Tests shorten them.
type limits struct {
	backoff    time.Duration // before the first repetition; it grows
	response   time.Duration // from the end of a request to its answer
	stall      time.Duration // without a byte moving; a slow transfer is fine
	retryAfter time.Duration // that a registry may make us wait
}

var defaultLimits = limits{
	backoff:    500 * time.Millisecond,
	response:   120 * time.Second,
	stall:      60 * time.Second,
	retryAfter: 120 * time.Second,
}

// newTransport speaks HTTP/1.1 only, so that blobs that move at a time have a
// connection each.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout: dialTimeout,
		TLSClientConfig: &tls.Config{
			// So the connections after the first are made without certificates.
			ClientSessionCache: tls.NewLRUClientSessionCache(0),
			// Records begin small for pages that are shown while they come, not for layers.
			DynamicRecordSizingDisabled: true,
		},
		ResponseHeaderTimeout: defaultLimits.response,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   2 * jobs,
		WriteBufferSize:       64 << 10,
	}
}

// guard is the transport that everything for a registry passes through. It
// alone adds credentials, and keeps them and layers from leaving towards any
// other host, whatever a Location, a redirect or a challenge says. It ends
// transfers that stall, and waits as long as the registry asks for.
type guard struct {
	base     http.RoundTripper
	limits   limits
	host     string
	storage  *regexp.Regexp // hosts that ECR redirects reads of layers to
	login    *login         // nil for a registry that gets no credentials: any host is fine
	uploaded atomic.Int64

	meeting chan struct{} // holds known
	known   bool          // the host asked for ECR's kind of login

	mu    sync.Mutex
	until time.Time // when it wants to be asked again
}

var (
	errForeignHost = errors.New("the registry points at another host, which gets neither credentials nor layers")
	errBearer      = errors.New("the registry asks for another kind of login than ECR's")
	errStranger    = errors.New("what answers in the registry's place is no registry of ECR")
	errStalled     = errors.New("no byte moved for too long")
)

func newGuard(base http.RoundTripper, ref connector.Reference, l *login) *guard {
	region := regexp.QuoteMeta(ref.Region)
	return &guard{
		base: base, limits: defaultLimits, host: ref.Host(), login: l, meeting: make(chan struct{}, 1),
		storage: regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*\.s3(\.dualstack)?\.` + region + `\.amazonaws\.com(\.cn)?$`),
	}
}

// RoundTrip sends a request, with credentials if it is for the registry. A
// request whose token was refused for its age is sent again with a new one.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := g.allow(req); err != nil {
		return nil, unsent(req, err)
	}
	if g.login == nil || req.URL.Host != g.host {
		return g.send(req)
	}
	if err := g.meet(req.Context()); err != nil {
		return nil, unsent(req, err)
	}
	resp, password, err := g.sendAs(req)
	if err != nil || !tooOld(resp) || !g.login.forget(password) {
		return resp, err
	}
	again := req.Clone(req.Context())
	if req.Body != nil && req.Body != http.NoBody {
		if req.GetBody == nil {
			return resp, nil
		}
		if again.Body, err = req.GetBody(); err != nil {
			return resp, nil
		}
	}
	resp, _, err = g.sendAs(again)
	return resp, err
}

func (g *guard) allow(req *http.Request) error {
	host := req.URL.Host
	reading := req.Method == http.MethodGet || req.Method == http.MethodHead
	switch {
	case g.login == nil:
		return nil
	case req.URL.Scheme != "https":
	case host == g.host:
		return nil
	case reading && req.Header.Get("Authorization") == "" && g.storage.MatchString(host):
		return nil
	}
	return fmt.Errorf("%w: %s", errForeignHost, host)
}

// meet asks for the registry's kind of login before anything secret is sent:
// ECR's is Basic, always. Any other answer is a proxy's.
func (g *guard) meet(ctx context.Context) error {
	select {
	case g.meeting <- struct{}{}:
		defer func() { <-g.meeting }()
	case <-ctx.Done():
		return ended(ctx)
	}
	if g.known {
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+g.host+"/v2/", nil)
	if err != nil {
		return err
	}
	resp, err := g.send(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 400:
		return fmt.Errorf("%w: it answers %s to a request without credentials", errStranger, resp.Status)
	case resp.StatusCode != http.StatusUnauthorized:
		return transport.CheckError(resp, http.StatusUnauthorized)
	case !challenges(resp, "basic"):
		return errStranger
	}
	g.known = true
	return nil
}

func challenges(resp *http.Response, scheme string) bool {
	for _, c := range resp.Header.Values("WWW-Authenticate") {
		if first, _, _ := strings.Cut(strings.ToLower(c), " "); first == scheme {
			return true
		}
	}
	return false
}

// sendAs sends a request with the current token, and says which that was.
func (g *guard) sendAs(req *http.Request) (resp *http.Response, password string, err error) {
	if password, err = g.login.token(req.Context()); err != nil {
		return nil, "", unsent(req, err)
	}
	req = req.Clone(req.Context())
	req.SetBasicAuth("AWS", password)
	resp, err = g.send(req)
	return resp, password, err
}

// tooOld tells whether a token may have been refused for its age. ECR answers
// 403 then, where the standard has 401; to a HEAD it cannot say why.
func tooOld(resp *http.Response) bool {
	if resp.StatusCode != http.StatusForbidden || resp.Request.Method == http.MethodHead {
		return resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden
	}
	b, err := io.ReadAll(resp.Body) // in memory: see bounded
	resp.Body = io.NopCloser(bytes.NewReader(b))
	return err == nil && bytes.Contains(b, []byte("expired"))
}

// send sends a request as it is, when the registry wants to be asked again,
// and watches it.
func (g *guard) send(req *http.Request) (*http.Response, error) {
	if err := g.pause(req.Context()); err != nil {
		return nil, unsent(req, err)
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	watch := newWatch(g.limits.stall+g.limits.response, func() { cancel(errStalled) })
	resp, err := g.base.RoundTrip(g.watched(req, ctx, watch))
	watch.stop()
	if err != nil {
		switch {
		case req.Context().Err() != nil:
			err = ended(req.Context())
		case errors.Is(context.Cause(ctx), errStalled):
			err = errStalled
		}
		cancel(nil)
		return nil, err
	}
	resp.Body = &received{ReadCloser: resp.Body, ctx: ctx, parent: req.Context(), limit: g.limits.stall, cancel: cancel}
	if resp.StatusCode >= 400 {
		g.hold(resp)
		bounded(resp)
	}
	if g.login != nil && resp.StatusCode == http.StatusUnauthorized && challenges(resp, "bearer") {
		return nil, errBearer
	}
	return resp, nil
}

// unsent closes the body of a request that is not sent, as a transport must.
func unsent(req *http.Request, err error) error {
	if req.Body != nil {
		req.Body.Close()
	}
	return err
}
