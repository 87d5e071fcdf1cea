package fake_test

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"glue-connector/internal/fake"
)

func TestProxyRefusesOtherHosts(t *testing.T) {
	for _, url := range []string{
		"https://example.com/",
		"https://" + host + ":8443/v2/",
		"https://" + host + ".evil.example/v2/",
		"https://public.ecr.aws/v2/",
	} {
		t.Run(url, func(t *testing.T) {
			w := newWorld(t)
			if _, err := w.HTTPClient().Get(url); err == nil || !strings.Contains(err.Error(), "Bad Gateway") {
				t.Errorf("got %v, want Bad Gateway", err)
			}
			got := w.Requests()
			if len(got) != 1 || got[0].Method != http.MethodConnect || got[0].Status != http.StatusBadGateway {
				t.Errorf("got %+v, want one refused CONNECT", got)
			}
		})
	}
}

func TestIntercept(t *testing.T) {
	w := newWorld(t)
	w.CreateRepository(account, region, "demo", false)
	var patches, puts atomic.Int32
	w.Intercept(func(r *http.Request) http.Handler {
		if r.Method == http.MethodPatch && patches.Add(1) == 1 {
			return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(503) })
		}
		return nil
	})
	w.Intercept(func(r *http.Request) http.Handler {
		if r.Method != http.MethodPut || !strings.Contains(r.URL.Path, "/manifests/") || puts.Add(1) > 1 {
			return nil
		}
		// Applied, and then spoilt.
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			w.ServeHTTP(httptest.NewRecorder(), r)
			rw.WriteHeader(500)
		})
	})
	img := randomImage(t)
	err := remote.Write(reference(t, "demo", "1"), img, remote.WithTransport(w.HTTPClient().Transport),
		remote.WithAuth(login(t, w)), remote.WithJobs(1), remote.WithRetryBackoff(remote.Backoff{Duration: 1, Steps: 3}))
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, r := range w.Requests() {
		if r.Method == http.MethodPut && strings.Contains(r.Path, "/manifests/") {
			got = append(got, r.Status)
		}
	}
	if diff := cmp.Diff([]int{500, 201}, got); diff != "" {
		t.Errorf("statuses of PUT manifest (-want +got):\n%s", diff)
	}
}

func TestListenTLS(t *testing.T) {
	w := newWorld(t)
	l, err := w.ListenTLS("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tr := w.HTTPClient().Transport.(*http.Transport).Clone()
	tr.Proxy = nil
	// Stands for a line in /etc/hosts.
	tr.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, l.Addr().String())
	}
	resp, err := (&http.Client{Transport: tr}).Get("https://" + host + "/v2/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %s, want 401", resp.Status)
	}
	if c, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{ServerName: "example.com", InsecureSkipVerify: true}); err == nil {
		c.Close()
		t.Error("got a certificate for example.com")
	}
}

func TestUpstream(t *testing.T) {
	// An httptest server by default, so that the test needs no daemon; a real
	// docker-registry if FAKE_TEST_UPSTREAM names one.
	url := os.Getenv("FAKE_TEST_UPSTREAM")
	if url == "" {
		s := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
		defer s.Close()
		url = s.URL
	}
	w := newWorld(t, fake.WithUpstream(url, ""))
	if err := remote.Write(reference(t, "none", "1"), randomImage(t), options(w, login(t, w))...); err == nil {
		t.Error("pushed to a missing repository")
	}
	w.CreateRepository(account, region, "up/stream", true)
	opts := options(w, login(t, w))
	img := randomImage(t)
	ref := reference(t, "up/stream", strings.ToLower(digestOf(t, img)[7:19])) // new for a real registry
	if err := remote.Write(ref, img, opts...); err != nil {
		t.Fatal(err)
	}
	err := remote.Write(ref, randomImage(t), opts...)
	if status, code := codes(t, err); status != 400 || code != "TAG_INVALID" {
		t.Errorf("got %v, want 400 TAG_INVALID", err)
	}
	resp := do(t, w, login(t, w), "GET", "/v2/up/stream/manifests/"+ref.TagStr(), "")
	if got := resp.Header.Get("Docker-Content-Digest"); got != digestOf(t, img) {
		t.Errorf("digest = %s, want %s", got, digestOf(t, img))
	}
	raw, err := img.RawManifest()
	if err != nil {
		t.Fatal(err)
	}
	if stored, _, _ := w.Manifest(host, "up/stream", ref.TagStr()); string(stored) != string(raw) {
		t.Errorf("stored %s, want %s", stored, raw)
	}
}

func TestClose(t *testing.T) {
	w := newWorld(t)
	w.Close()
	if _, err := os.Stat(w.CAFile()); !os.IsNotExist(err) {
		t.Errorf("CA file after Close: %v", err)
	}
	if _, err := w.HTTPClient().Get(w.AWSURL()); err == nil {
		t.Error("still serving after Close")
	}
}
