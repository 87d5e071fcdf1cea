package registry

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// counting counts the bodies of responses that were handed out and not closed.
type counting struct {
	http.RoundTripper
	open *atomic.Int32
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.RoundTripper.RoundTrip(r)
	if err == nil {
		c.open.Add(1)
		resp.Body = &countedBody{ReadCloser: resp.Body, open: c.open}
	}
	return resp, err
}

type countedBody struct {
	io.ReadCloser
	open   *atomic.Int32
	closed atomic.Bool
}

func (b *countedBody) Close() error {
	if b.closed.CompareAndSwap(false, true) {
		b.open.Add(-1)
	}
	return b.ReadCloser.Close()
}

// Every body is closed, whatever happens: ggcr itself leaves those of the
// answers that it repeats.
func TestBodiesAreClosed(t *testing.T) {
	large := answer(503, "text/plain", strings.Repeat("x", 1<<20))
	for _, s := range steps {
		for name, n := range map[string]int{"once": 1, "for ever": -1} {
			t.Run(s.name+"/"+name, func(t *testing.T) {
				w := newWorld(t)
				inject(w, s.match, n, large)
				var open atomic.Int32
				r := openWith(t, awsConfig(w), ref, counting{transportOf(t, w), &open})
				_, err := r.Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
				if (err == nil) != (n == 1) {
					t.Error(err)
				}
				if left := open.Load(); left != 0 {
					t.Errorf("%d bodies are left open", left)
				}
			})
		}
	}
}

// Stalled and cancelled pushes end what they began, too.
func TestNothingRunsOnAfterAnAbortedPush(t *testing.T) {
	img := build(t, map[string][]byte{"a.jar": noise(1, 12<<20)})
	for _, name := range []string{"stalled", "cancelled"} {
		w := newWorld(t)
		tr := transportOf(t, w)
		r := openWith(t, awsConfig(w), ref, tr)
		if err := r.guard.meet(t.Context()); err != nil { // what a test shares with others runs by now
			t.Fatal(err)
		}
		tr.CloseIdleConnections()
		time.Sleep(50 * time.Millisecond)
		before := runtime.NumGoroutine()
		over := make(chan struct{})
		inject(w, matching("PUT blob"), -1, func(rw http.ResponseWriter, r *http.Request) {
			<-over
			panic(http.ErrAbortHandler)
		})
		ctx, cancel := context.WithCancel(t.Context())
		if name == "stalled" {
			r.guard.limits.stall, r.guard.limits.response = 100*time.Millisecond, 100*time.Millisecond
		} else {
			time.AfterFunc(300*time.Millisecond, cancel)
		}
		if _, err := r.Push(ctx, img, []string{tag}, SkipIdentical); err == nil {
			t.Errorf("%s: pushed", name)
		}
		cancel()
		close(over)
		w.Close()
		tr.CloseIdleConnections()
		http.DefaultClient.CloseIdleConnections()
		after := runtime.NumGoroutine()
		for deadline := time.Now().Add(5 * time.Second); after > before+4 && time.Now().Before(deadline); after = runtime.NumGoroutine() {
			time.Sleep(10 * time.Millisecond)
		}
		if after > before+4 { // the SDK keeps its own connection to AWS
			buf := make([]byte, 1<<20)
			t.Errorf("%s: %d goroutines, before %d:\n%s", name, after, before, buf[:runtime.Stack(buf, true)])
		}
	}
}

// rewinding is a transport whose idle connection turns out to be closed: it
// leaves the body and takes a new one, as net/http does.
type rewinding struct{}

func (rewinding) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Body.Close()
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	defer body.Close()
	for p := make([]byte, 1); ; time.Sleep(50 * time.Millisecond) {
		if err := context.Cause(r.Context()); err != nil {
			return nil, err
		}
		if _, err := body.Read(p); err == io.EOF {
			return &http.Response{StatusCode: 202, Body: http.NoBody, Request: r}, nil
		}
	}
}

// A body that net/http takes anew is watched and counted like the first one.
// Time is synctest's: the machine's load does not count.
func TestRewoundBodyIsWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuard(rewinding{}, ref, &login{})
		g.limits.stall, g.limits.response = 400*time.Millisecond, 100*time.Millisecond
		const body = "slow, but it moves" // for twice as long as nothing may move
		req, err := http.NewRequestWithContext(t.Context(), "PATCH", "https://"+ref.Host()+"/v2/x/blobs/uploads/1", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := g.send(req)
		if err != nil || resp.StatusCode != 202 {
			t.Fatalf("got %v, %v", resp, err)
		}
		resp.Body.Close()
		if n := g.uploaded.Load(); n != int64(len(body)) {
			t.Errorf("counted %d bytes, want %d", n, len(body))
		}
	})
}

// Connections after the first take no certificates.
func TestSessionsAreResumed(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	transport := newTransport()
	transport.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	for i := range 3 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resumed := resp.TLS.DidResume; resumed != (i > 0) {
			t.Errorf("connection %d is resumed: %v", i, resumed)
		}
		transport.CloseIdleConnections()
	}
}
