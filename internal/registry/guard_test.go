package registry

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"glue-connector/internal/fake"
)

// Whatever the registry says, no other host is so much as dialled by a push.
func TestNoOtherHost(t *testing.T) {
	const bucket = "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com"
	foreign := failure{"remote", "points at another host", "no proxy answers in the registry's place"}
	redirect := func(code int, to string) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Location", to)
			rw.WriteHeader(code)
		}
	}
	bearer := func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Add("WWW-Authenticate", "Negotiate")
		rw.Header().Add("WWW-Authenticate", `Bearer realm="https://evil.example/token",service="x"`)
		rw.WriteHeader(401)
	}
	for _, tc := range []struct {
		name, step string
		h          http.HandlerFunc
		failure    failure
	}{
		{"Location", "POST upload", redirect(202, "https://evil.example/u?x=1"), foreign},
		{"Location of a bucket", "POST upload", redirect(202, "https://"+bucket+"/u"), foreign},
		{"Location with port", "POST upload", redirect(202, "https://"+ref.Host()+":8443/u"), foreign},
		{"Location without TLS", "POST upload", redirect(202, "http://"+ref.Host()+"/u"), failure{"remote", "PUT https://", ""}}, // stays with TLS
		{"Location with user", "POST upload", redirect(202, "https://"+ref.Host()+"@evil.example/u"), foreign},
		{"private address", "POST upload", redirect(202, "https://169.254.169.254/u"), failure{"remote", "169.254.169.254", ""}},
		{"202 for a blob", "PUT blob", redirect(202, "https://evil.example/u"), failure{"remote", "nothing was created", ""}},
		{"307 on a blob", "PUT blob", redirect(307, "https://evil.example/u"), foreign},
		{"308 on a blob to a bucket", "PUT blob", redirect(308, "https://"+bucket+"/u"), foreign},
		{"307 on PUT tag", "PUT tag", redirect(307, "https://evil.example/m"), foreign},
		{"307 on GET tag", "GET tag", redirect(307, "https://evil.example/m?X-Amz-Signature=secret"), foreign},
		{"302 on HEAD blob", "HEAD blob", redirect(302, "https://evil.example/b"), foreign},
		{"307 on ping", "ping", redirect(307, "https://evil.example/v2/"), failure{"remote", "to a request without credentials", "no proxy answers"}},
		{"Bearer", "ping", bearer, failure{"auth", "another kind of login", "no proxy answers"}},
		{"Bearer later", "PUT blob", bearer, failure{"auth", "another kind of login", "no proxy answers"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t, fake.WithBlobRedirects())
			inject(w, matching(tc.step), -1, tc.h)
			_, err := open(t, w).Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
			tc.failure.check(t, err)
			if hosts := strangers(w); len(hosts) > 0 {
				t.Errorf("asked %v", hosts)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the message has the signature: %v", err)
			}
		})
	}
}

// A layer may be read from ECR's bucket, which gets no credentials.
func TestBucketGetsNoCredentials(t *testing.T) {
	w := newWorld(t, fake.WithBlobRedirects())
	d := w.PutBlob(ref.Host(), ref.Repository, []byte("blob"))
	rc, err := open(t, w).Blob(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	defer rc.Close()
	if b, err := io.ReadAll(rc); err != nil || string(b) != "blob" {
		t.Errorf("got %q, %v", b, err)
	}
	for _, r := range w.Requests() {
		if strings.Contains(r.Host, ".s3.") && r.Authorization {
			t.Errorf("credentials were sent: %+v", r)
		}
	}
	for _, host := range []string{"x.s3.eu-west-1.amazonaws.com.evil.example", "x.s3.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "x-s3.eu-west-1.amazonaws.com"} {
		g := newGuard(nil, ref, &login{})
		if err := g.allow(&http.Request{Method: "GET", URL: &url.URL{Scheme: "https", Host: host}}); err == nil {
			t.Errorf("%s is taken for ECR's bucket", host)
		}
	}
}

// What does not ask for ECR's login gets no credentials.
func TestStrangerGetsNoCredentials(t *testing.T) {
	proxy := func(to string) *http.Transport {
		return &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: to}), TLSClientConfig: &tls.Config{}}
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	plain := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a request came without TLS: %s %s", r.Method, r.URL)
	}))
	defer plain.Close()
	captive := answer(200, "text/html", "<html>Please log in</html>")
	for _, tc := range []struct {
		name    string
		over    func(w *fake.World) http.RoundTripper // nil for the world's
		h       http.HandlerFunc
		failure failure
	}{
		{"captive portal", nil, captive, failure{"remote", "no registry of ECR: it answers 200 OK", "no proxy answers"}},
		{"portal by 302", nil, func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "https://portal.example/", http.StatusFound)
		}, failure{"remote", "no registry of ECR", "no proxy answers"}},
		{"401 without a challenge", nil, status(401), failure{"remote", "no registry of ECR", "no proxy answers"}},
		{"TLS", func(w *fake.World) http.RoundTripper {
			return proxy(strings.TrimPrefix(w.ProxyURL(), "http://"))
		}, nil, failure{"remote", "certificate", "SSL_CERT_FILE"}},
		{"no TLS", func(*fake.World) http.RoundTripper {
			return &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, plain.Listener.Addr().String())
			}}
		}, nil, failure{"remote", "HTTP response to HTTPS client", "HTTPS_PROXY"}},
		{"refused", func(w *fake.World) http.RoundTripper {
			return proxy(closed.Addr().String())
		}, nil, failure{"remote", "connection refused", "HTTPS_PROXY"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			if tc.h != nil {
				inject(w, func(r *http.Request) bool { return r.TLS != nil }, -1, tc.h)
			}
			var over http.RoundTripper = transportOf(t, w)
			if tc.over != nil {
				over = tc.over(w)
			}
			_, err := openWith(t, awsConfig(w), ref, over).Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
			tc.failure.check(t, err)
			for _, r := range w.Requests() {
				if r.Authorization && r.Target == "" {
					t.Errorf("credentials were sent: %+v", r)
				}
			}
			if hosts := strangers(w); len(hosts) > 0 {
				t.Errorf("asked %v", hosts)
			}
		})
	}
}

func TestStalls(t *testing.T) {
	t.Parallel()
	large := build(t, map[string][]byte{"a.jar": noise(1, 12<<20)}) // more than the kernel takes in
	small := twoJars(t)
	for _, tc := range []struct {
		name, step string
		large      bool
	}{
		{"body", "PUT blob", true}, {"answer", "PUT blob", false}, {"answer", "PUT tag", false}, {"read", "GET tag", false},
	} {
		t.Run(tc.name+" of "+tc.step, func(t *testing.T) {
			t.Parallel()
			img := small
			if tc.large {
				img = large
			}
			for _, n := range []int{1, -1} {
				w := newWorld(t)
				seedAllButOne(t, w, img)
				inject(w, matching(tc.step), n, stuck(t))
				r := open(t, w)
				r.guard.limits.response = 100 * time.Millisecond
				r.guard.limits.stall = 150 * time.Millisecond
				if n == 1 { // on a busy machine what moves must not pass for stalled
					r.guard.limits.stall = 2 * time.Second
				}
				start := time.Now()
				got, err := r.Push(t.Context(), img, []string{tag}, SkipIdentical)
				if n == 1 {
					pushed(t, w, got, err)
				} else {
					failure{"remote", errStalled.Error(), "run again"}.check(t, err)
				}
				if d := time.Since(start); d < 150*time.Millisecond || d > 30*time.Second {
					t.Errorf("took %v", d)
				}
			}
		})
	}
}

// A slow transfer goes on as long as bytes move, and an answer may take longer
// than a stall.
func TestSlowIsNotStalled(t *testing.T) {
	t.Parallel()
	img := build(t, map[string][]byte{"a.jar": noise(1, 12<<20)})
	w := newWorld(t)
	seedAllButOne(t, w, img)
	var patches atomic.Int32
	inject(w, matching("PUT blob"), -1, func(rw http.ResponseWriter, r *http.Request) {
		patches.Add(1)
		body := r.Body
		r.Body = io.NopCloser(readerFunc(func(p []byte) (int, error) {
			time.Sleep(2 * time.Millisecond)
			n, err := body.Read(p[:min(len(p), 16<<10)])
			if err == io.EOF {
				time.Sleep(2 * time.Second)
			}
			return n, err
		}))
		w.ServeHTTP(rw, r)
	})
	r := open(t, w)
	// Sockets take megabytes at a time, and the answer comes when all is read.
	r.guard.limits.stall, r.guard.limits.response = 1500*time.Millisecond, 30*time.Second
	start := time.Now()
	got, err := r.Push(t.Context(), img, []string{tag}, SkipIdentical)
	pushed(t, w, got, err)
	if d := time.Since(start); patches.Load() != 1 || d < time.Second {
		t.Errorf("%d uploads in %v, want one that lasts", patches.Load(), d)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestStalledRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := noise(1, 1000)
	d := w.PutBlob(ref.Host(), ref.Repository, b)
	hang := stuck(t)
	inject(w, of("GET", "/blobs/"), 1, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Length", "1000")
		rw.Write(b[:500])
		http.NewResponseController(rw).Flush()
		hang(rw, r)
	})
	r := open(t, w)
	r.guard.limits.stall = time.Second
	rc, err := r.Blob(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	defer rc.Close()
	if _, err := io.CopyN(io.Discard, rc, 100); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * r.guard.limits.stall) // a reader may take its time
	rest, err := io.ReadAll(rc)
	if len(rest) != 400 || err == nil || !strings.Contains(err.Error(), errStalled.Error()) {
		t.Errorf("read %d bytes, %v; want 400 and a stall", len(rest), err)
	}
}
