package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"glue-connector/internal/connector"
)

// Time limits of the transport. A slow upload is fine as long as bytes move.
const (
	dialTimeout     = 10 * time.Second
	responseTimeout = 120 * time.Second
	stallTimeout    = 60 * time.Second
)

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   dialTimeout,
		ResponseHeaderTimeout: responseTimeout,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   2 * jobs,
		ForceAttemptHTTP2:     true,
		WriteBufferSize:       64 << 10,
	}
}

// guard is the transport that everything for a registry passes through. It
// keeps credentials and layers from leaving towards any other host, whatever a
// Location, a redirect or a challenge says, and ends transfers that stall.
type guard struct {
	base     http.RoundTripper
	host     string
	storage  *regexp.Regexp // hosts that ECR redirects reads of layers to
	uploaded atomic.Int64
	stall    time.Duration
}

var (
	errForeignHost = errors.New("the registry points at another host, which gets neither credentials nor layers")
	errBearer      = errors.New("the registry asks for another kind of login than ECR's")
	errStalled     = errors.New("no byte moved for too long")
)

func newGuard(base http.RoundTripper, ref connector.Reference) *guard {
	region := regexp.QuoteMeta(ref.Region)
	return &guard{
		base: base, host: ref.Host(), stall: stallTimeout,
		storage: regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*\.s3(\.dualstack)?\.` + region + `\.amazonaws\.com(\.cn)?$`),
	}
}

func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := g.allow(req); err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	watch := newWatch(g.stall, func() { cancel(errStalled) })
	req = req.Clone(ctx)
	if req.Body != nil && req.Body != http.NoBody {
		var count *atomic.Int64
		if strings.Contains(req.URL.Path, "/blobs/uploads/") {
			count = &g.uploaded
		}
		req.Body = &watchedBody{ReadCloser: req.Body, watch: watch, count: count}
	}
	resp, err := g.base.RoundTrip(req)
	if err != nil {
		watch.stop()
		if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
			err = cause
		}
		cancel(nil)
		return nil, err
	}
	if strings.HasPrefix(strings.ToLower(resp.Header.Get("WWW-Authenticate")), "bearer") {
		watch.stop()
		resp.Body.Close()
		cancel(nil)
		return nil, errBearer
	}
	resp.Body = &watchedBody{ReadCloser: resp.Body, watch: watch, done: func() { watch.stop(); cancel(nil) }, ctx: ctx}
	return resp, nil
}

func (g *guard) allow(req *http.Request) error {
	host := req.URL.Host
	reading := req.Method == http.MethodGet || req.Method == http.MethodHead
	switch {
	case req.URL.Scheme != "https":
	case host == g.host:
		return nil
	case reading && req.Header.Get("Authorization") == "" && g.storage.MatchString(host):
		return nil
	}
	return fmt.Errorf("%w: %s", errForeignHost, host)
}

// watch calls a function when nothing was reported for a while.
type watch struct {
	timer *time.Timer
	limit time.Duration
}

func newWatch(limit time.Duration, expired func()) *watch {
	return &watch{timer: time.AfterFunc(limit+responseTimeout, expired), limit: limit}
}

func (w *watch) moved() { w.timer.Reset(w.limit) }
func (w *watch) stop()  { w.timer.Stop() }

// watchedBody reports progress, and counts bytes if asked to.
type watchedBody struct {
	io.ReadCloser
	watch *watch
	count *atomic.Int64
	done  func()
	ctx   context.Context
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.watch.moved()
		if b.count != nil {
			b.count.Add(int64(n))
		}
	}
	if err != nil && err != io.EOF && b.ctx != nil && errors.Is(context.Cause(b.ctx), errStalled) {
		err = errStalled
	}
	return n, err
}

func (b *watchedBody) Close() error {
	err := b.ReadCloser.Close()
	if b.done != nil {
		b.done()
	}
	return err
}
