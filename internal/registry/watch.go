package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// watch calls a function once when its time is over.
type watch struct {
	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
}

func newWatch(limit time.Duration, expired func()) *watch {
	return &watch{timer: time.AfterFunc(limit, expired)}
}

// within starts the time anew, unless the watch was stopped.
func (w *watch) within(limit time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stopped {
		w.timer.Reset(limit)
	}
}

func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
}

// watched is the request to send: its body reports progress, also if the
// transport has to take it anew because a connection was closed.
func (g *guard) watched(req *http.Request, ctx context.Context, w *watch) *http.Request {
	out := req.Clone(ctx)
	if req.Body == nil || req.Body == http.NoBody {
		return out
	}
	wrap := func(body io.ReadCloser) io.ReadCloser {
		b := &sent{ReadCloser: body, watch: w, limits: g.limits}
		if strings.Contains(req.URL.Path, "/blobs/uploads/") {
			b.count = &g.uploaded
		}
		return b
	}
	out.Body = wrap(req.Body)
	if req.GetBody != nil {
		out.GetBody = func() (io.ReadCloser, error) {
			body, err := req.GetBody()
			if err != nil {
				return nil, err
			}
			return wrap(body), nil
		}
	}
	return out
}

// sent is the body of a request. What is read from it is on its way: if the
// next read does not come in time, the other side takes no more bytes.
type sent struct {
	io.ReadCloser
	watch  *watch
	limits limits
	count  *atomic.Int64 // nil if nobody counts
}

func (b *sent) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.count != nil {
		b.count.Add(int64(n))
	}
	if err != nil { // the end: now the answer's time runs
		b.watch.within(b.limits.stall + b.limits.response)
	} else {
		b.watch.within(b.limits.stall)
	}
	return n, err
}

// received is the body of a response. Only the time in Read counts: a reader
// may take its own time with what it got.
type received struct {
	io.ReadCloser
	ctx, parent context.Context
	limit       time.Duration
	cancel      context.CancelCauseFunc
}

func (b *received) Read(p []byte) (int, error) {
	w := newWatch(b.limit, func() { b.cancel(errStalled) })
	n, err := b.ReadCloser.Read(p)
	w.stop()
	switch {
	case err == nil:
	case err == io.EOF:
		b.cancel(nil)
	case b.parent.Err() != nil:
		err = ended(b.parent)
	case errors.Is(context.Cause(b.ctx), errStalled):
		err = errStalled
	}
	return n, err
}

func (b *received) Close() error {
	err := b.ReadCloser.Close()
	b.cancel(nil)
	return err
}

// maxError is how much of an error's body is read, in bytes.
const maxError = 32 << 10

// bounded takes the body of an error into memory and ends the transfer: what
// reads it later neither meets a body without end nor has to close it.
func bounded(resp *http.Response) {
	b, _ := io.ReadAll(io.LimitReader(resp.Body, maxError)) // a part of it will do
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(b))
}

// hold keeps what a registry says of when to ask again.
func (g *guard) hold(resp *http.Response) {
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable {
		return
	}
	text := resp.Header.Get("Retry-After")
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = time.Until(at)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(min(wait, g.limits.retryAfter)); wait > 0 && until.After(g.until) {
		g.until = until
	}
}

// pause waits until the registry wants to be asked again.
func (g *guard) pause(ctx context.Context) error {
	g.mu.Lock()
	wait := time.Until(g.until)
	g.mu.Unlock()
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ended(ctx)
	case <-timer.C:
		return nil
	}
}

var errEnded = errors.New("ended before it was done")

// ended is the error of a context that is over, with its cause. It always
// wraps the context's own error, which a cause need not do: that of a signal
// does not.
func ended(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return fmt.Errorf("%w: %w: %w", errEnded, ctx.Err(), cause)
	}
	return fmt.Errorf("%w: %w", errEnded, ctx.Err())
}
