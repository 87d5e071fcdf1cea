package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"glue-connector/internal/connector"
	"glue-connector/internal/fake"
	"glue-connector/internal/image"
)

var ref = connector.Reference{Account: "123456789012", Region: "eu-west-1", Repository: "my-company/demo", Tag: "1.0.0"}

const tag = "1.0.0"

// quick are limits for tests: faults are told within fractions of a second.
var quick = limits{backoff: time.Millisecond, response: 5 * time.Second, stall: 2 * time.Second, retryAfter: 2 * time.Second}

// newWorld is a world with an empty repository.
func newWorld(t testing.TB, opts ...fake.Option) *fake.World {
	t.Helper()
	w, err := fake.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	w.CreateRepository(ref.Account, ref.Region, ref.Repository, false)
	return w
}

func awsConfig(w *fake.World) aws.Config {
	return aws.Config{
		Region:       ref.Region,
		BaseEndpoint: aws.String(w.AWSURL()),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, nil
		}),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
		},
	}
}

// open opens the repository of a world, with quick limits.
func open(t testing.TB, w *fake.World) *Repository {
	t.Helper()
	return openWith(t, awsConfig(w), ref, transportOf(t, w))
}

func openWith(t testing.TB, cfg aws.Config, ref connector.Reference, over http.RoundTripper) *Repository {
	t.Helper()
	r, err := Open(cfg, ref, over)
	if err != nil {
		t.Fatal(err)
	}
	r.guard.limits = quick
	return r
}

func transportOf(t testing.TB, w *fake.World) *http.Transport {
	tr := w.HTTPClient().Transport.(*http.Transport)
	t.Cleanup(tr.CloseIdleConnections)
	return tr
}

func noise(seed byte, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

// build makes the image of a connector with these jars.
func build(t testing.TB, jars map[string][]byte) v1.Image {
	t.Helper()
	c := &connector.Connector{Config: connector.ParseConfig("config.json", []byte(`{"version":"1.0.0","description":"A driver"}`))}
	for name, b := range jars {
		c.Jars = append(c.Jars, &connector.Jar{Name: name, Path: name, Size: int64(len(b)), Content: bytes.NewReader(b)})
	}
	connector.SortJars(c.Jars)
	img, err := image.Build(c, image.Options{Created: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func twoJars(t testing.TB) v1.Image {
	return build(t, map[string][]byte{"a.jar": noise(1, 3000), "b.jar": noise(2, 5000)})
}

// seedAllButOne puts all blobs into the registry but the first layer, so that a
// push has a single blob to upload.
func seedAllButOne(t testing.TB, w *fake.World, img v1.Image) {
	t.Helper()
	for _, b := range blobs(t, img)[1:] {
		w.PutBlob(ref.Host(), ref.Repository, b)
	}
}

func digest(t testing.TB, img v1.Image) string {
	t.Helper()
	h, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return h.String()
}

func tagged(w *fake.World, tag string) string {
	raw, _, ok := w.Manifest(ref.Host(), ref.Repository, tag)
	if !ok {
		return ""
	}
	h, _, _ := v1.SHA256(bytes.NewReader(raw))
	return h.String()
}

// failure is what a report makes of an error.
type failure struct {
	Kind string
	Text string // must be in the error
	Hint string // must be in the hint
}

func (want failure) check(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %+v", want)
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("got %T %v, want *Error", err, err)
	}
	if e.FailureKind() != want.Kind || !strings.Contains(err.Error(), want.Text) || !strings.Contains(e.Hint(), want.Hint) {
		t.Errorf("got %s: %v\nhint: %s\nwant %+v", e.FailureKind(), err, e.Hint(), want)
	}
	if n := len([]rune(e.Error())); n > maxMessage || strings.ContainsAny(e.Error(), "\r\n") {
		t.Errorf("message of %d characters, with line ends: %q", n, e.Error())
	}
}

// step is one kind of request of a push.
type step struct {
	name  string
	match func(r *http.Request) bool
}

func of(method, part string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return r.TLS != nil && r.Method == method && strings.Contains(r.URL.Path, part)
	}
}

var steps = []step{
	{"ping", func(r *http.Request) bool { return r.TLS != nil && r.URL.Path == "/v2/" }},
	{"GET tag", of("GET", "/manifests/"+tag)},
	{"HEAD blob", of("HEAD", "/blobs/")},
	{"POST upload", of("POST", "/blobs/uploads/")},
	{"PUT blob", of("PUT", "/blobs/uploads/")},
	{"PUT tag", of("PUT", "/manifests/"+tag)},
}

// matching finds the requests of a step, and two kinds that depend on what came
// before: "read-back" is of the tag once it was put, and "HEAD blob" comes after
// ECR's API has refused to tell of the blobs.
func matching(name string) func(*http.Request) bool {
	if name == "read-back" {
		var put atomic.Bool
		return func(r *http.Request) bool {
			if of("PUT", "/manifests/"+tag)(r) {
				put.Store(true)
			}
			return put.Load() && of("GET", "/manifests/"+tag)(r)
		}
	}
	for _, s := range steps {
		if s.name == name {
			return s.match
		}
	}
	panic(name)
}

// inject lets h serve the first n requests that match; all if n < 0.
func inject(w *fake.World, match func(*http.Request) bool, n int, h http.HandlerFunc) {
	head := httptest.NewRequest(http.MethodHead, "https://x/v2/x/blobs/x", nil)
	if match(head) {
		withoutAPI(w)
	}
	var seen atomic.Int64
	w.Intercept(func(r *http.Request) http.Handler {
		if !match(r) || n >= 0 && seen.Add(1) > int64(n) {
			return nil
		}
		return h
	})
}

// withoutAPI has ECR's API refuse to tell of blobs.
func withoutAPI(w *fake.World) {
	w.Intercept(func(r *http.Request) http.Handler {
		if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".BatchCheckLayerAvailability") {
			return nil
		}
		return answer(http.StatusBadRequest, "application/x-amz-json-1.1", `{"__type":"ServerException"}`)
	})
}

func status(code int) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) { rw.WriteHeader(code) }
}

func answer(code int, contentType, body string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", contentType)
		rw.WriteHeader(code)
		fmt.Fprint(rw, body)
	}
}

// reset ends the connection with a RST.
func reset(rw http.ResponseWriter, r *http.Request) {
	conn, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if c, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = c.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// stuck answers nothing until the test is over.
func stuck(t testing.TB) http.HandlerFunc {
	over := make(chan struct{})
	t.Cleanup(func() { close(over) })
	return func(rw http.ResponseWriter, r *http.Request) {
		select {
		case <-over:
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	}
}

// strangers are the hosts that were asked for or dialled besides the registry.
func strangers(w *fake.World) (hosts []string) {
	for _, r := range w.Requests() {
		h := strings.TrimSuffix(r.Host, ":443")
		if h != ref.Host() && "http://"+h != w.AWSURL() {
			hosts = append(hosts, r.Method+" "+h)
		}
	}
	return hosts
}
