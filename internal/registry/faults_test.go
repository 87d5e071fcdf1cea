package registry

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// pushed checks that a push did its work in spite of what happened.
func pushed(t testing.TB, w interface {
	Tags(host, repository string) []string
}, got Pushed, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if tags := w.Tags(ref.Host(), ref.Repository); !cmp.Equal(tags, []string{tag}) {
		t.Errorf("tags %v, pushed %+v", tags, got)
	}
}

func TestTemporaryFaults(t *testing.T) {
	faults := []struct {
		name string
		h    http.HandlerFunc
	}{{"500", status(500)}, {"429", status(429)}, {"503", answer(503, "text/html", "<html>busy</html>")}, {"499", status(499)}, {"reset", reset}}
	img := twoJars(t)
	for _, s := range steps {
		for _, f := range faults {
			for _, n := range []int{1, 3, 5} {
				t.Run(s.name+"/"+f.name, func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					seedAllButOne(t, w, img)
					inject(w, s.match, n, f.h)
					got, err := open(t, w).Push(t.Context(), img, []string{tag}, SkipIdentical)
					pushed(t, w, got, err)
					if tagged(w, tag) != digest(t, img) {
						t.Error("the tag holds another image")
					}
				})
			}
		}
	}
}

func TestLastingFaults(t *testing.T) {
	const again = "Run again: what was uploaded is kept."
	for _, tc := range []struct {
		step    string
		h       http.HandlerFunc
		failure failure
	}{
		{"ping", status(503), failure{"remote", "503", again}},
		{"GET tag", status(503), failure{"remote", "503", again}},
		{"PUT blob", status(503), failure{"remote", "PUT", again}},
		{"PUT blob", reset, failure{"remote", "pushing to", "Check the network"}},
		{"PUT blob", status(413), failure{"remote", "413", "does not take a layer of this size"}},
		{"PUT blob", status(507), failure{"remote", "507", "does not take a layer of this size"}},
		{"PUT tag", status(412), failure{"remote", "412", ""}},
		{"PUT tag", status(503), failure{"remote", "503", again}},
		{"read-back", status(500), failure{"remote", "reading manifest", again}},
		{"POST upload", status(403), failure{"auth", "403", "InitiateLayerUpload"}},
		{"POST upload", answer(202, "text/plain", ""), failure{"remote", "no Location", ""}},
		{"PUT tag", status(201), failure{"remote", "returns nothing", "Check for a proxy"}},
		{"read-back", answer(200, "application/json", `{"other":"bytes"}`), failure{"remote", "and returns sha256:", "Check for a proxy"}},
		{"read-back", answer(200, "text/html", `<html>`), failure{"remote", "no registry of ECR", "no proxy answers"}},
		{"PUT tag", status(201), failure{"remote", "reading back 1.0.0", "Check for a proxy"}},
	} {
		t.Run(tc.step+"/"+tc.failure.Text, func(t *testing.T) {
			w, img := newWorld(t), twoJars(t)
			inject(w, matching(tc.step), -1, tc.h)
			start := time.Now()
			_, err := open(t, w).Push(t.Context(), img, []string{tag}, SkipIdentical)
			tc.failure.check(t, err)
			if d := time.Since(start); d > 20*time.Second {
				t.Errorf("took %v", d)
			}
			if tags := w.Tags(ref.Host(), ref.Repository); len(tags) > 0 && tc.step != "PUT tag" && tc.step != "read-back" {
				t.Errorf("tags %v in spite of the fault", tags)
			}
		})
	}
}

// With the limits of a real run, a registry that is down for ever is given up
// within seconds.
func TestGivenUpInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	inject(w, matching("PUT blob"), -1, status(503))
	r := open(t, w)
	r.guard.limits = defaultLimits
	start := time.Now()
	_, err := r.Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
	failure{Kind: "remote", Text: "503"}.check(t, err)
	if d := time.Since(start); d < 4*time.Second || d > 40*time.Second {
		t.Errorf("took %v, want about 15 s", d)
	}
}

func TestAppliedThenFailed(t *testing.T) {
	for _, name := range []string{"PUT blob", "PUT tag"} {
		for _, immutable := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				w, img := newWorld(t), twoJars(t)
				w.CreateRepository(ref.Account, ref.Region, ref.Repository, immutable)
				inject(w, matching(name), 1, func(rw http.ResponseWriter, r *http.Request) {
					w.ServeHTTP(httptest.NewRecorder(), r)
					rw.WriteHeader(500)
				})
				got, err := open(t, w).Push(t.Context(), img, []string{tag}, SkipIdentical)
				pushed(t, w, got, err)
			})
		}
	}
}

func TestResetInTheBody(t *testing.T) {
	w := newWorld(t)
	img := build(t, map[string][]byte{"a.jar": noise(1, 1<<20)})
	inject(w, matching("PUT blob"), 3, func(rw http.ResponseWriter, r *http.Request) {
		io.CopyN(io.Discard, r.Body, 100<<10)
		reset(rw, r)
	})
	got, err := open(t, w).Push(t.Context(), img, []string{tag}, SkipIdentical)
	pushed(t, w, got, err)
}

// The registry closes idle connections: the next request is sent on a new one,
// and its body is counted and watched all the same.
func TestIdleConnectionClosed(t *testing.T) {
	w := newWorld(t)
	tr := transportOf(t, w)
	r := openWith(t, awsConfig(w), ref, tr)
	for i := range 3 {
		img := build(t, map[string][]byte{"a.jar": noise(byte(i), 2000)})
		v := tag + strings.Repeat(".0", i)
		if _, err := r.Push(t.Context(), img, []string{v}, SkipIdentical); err != nil {
			t.Fatal(err)
		}
		tr.CloseIdleConnections()
	}
	if r.Uploaded() != w.UploadedBytes() {
		t.Errorf("counted %d bytes, sent %d", r.Uploaded(), w.UploadedBytes())
	}
}

func TestRetryAfter(t *testing.T) {
	for code, seconds := range map[int]int{429: 1, 503: 2} {
		w, img := newWorld(t), twoJars(t)
		var asked time.Time
		inject(w, matching("PUT tag"), 1, func(rw http.ResponseWriter, r *http.Request) {
			asked = time.Now()
			rw.Header().Set("Retry-After", strconv.Itoa(seconds))
			rw.WriteHeader(code)
		})
		got, err := open(t, w).Push(t.Context(), img, []string{tag}, SkipIdentical)
		pushed(t, w, got, err)
		for _, r := range w.Requests() {
			if d := r.Time.Sub(asked); r.Method != http.MethodConnect && d > 0 && d < time.Duration(seconds)*time.Second-50*time.Millisecond {
				t.Errorf("%s %s after %v, asked for %d s", r.Method, r.Path, d, seconds)
			}
		}
	}
}

func TestRetryAfterIsCapped(t *testing.T) {
	for _, value := range []string{"99999", "99999999999999999999", "-1", "soon", time.Now().Add(24 * time.Hour).UTC().Format(http.TimeFormat)} {
		w, img := newWorld(t), twoJars(t)
		inject(w, matching("PUT blob"), 2, func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Retry-After", value)
			rw.WriteHeader(429)
		})
		r := open(t, w)
		r.guard.limits.retryAfter = 100 * time.Millisecond
		start := time.Now()
		got, err := r.Push(t.Context(), img, []string{tag}, SkipIdentical)
		pushed(t, w, got, err)
		if d := time.Since(start); d > 15*time.Second {
			t.Errorf("%s: took %v", value, d)
		}
	}
}

func TestErrorBodies(t *testing.T) {
	page := strings.Repeat("x", 1<<20)
	for name, h := range map[string]http.HandlerFunc{
		"commands": answer(400, "text/plain", "\n::add-mask::a\r\n##[error]x"),
		"200 MB": func(rw http.ResponseWriter, r *http.Request) {
			rw.WriteHeader(400)
			for range 200 {
				if _, err := io.WriteString(rw, page); err != nil {
					return
				}
			}
		},
		"huge JSON": answer(400, "application/json", `{"errors":[{"code":"DENIED","message":"`+page+`"}]}`),
		"signed":    answer(400, "text/plain", "see https://bucket.s3.amazonaws.com/x?X-Amz-Signature=secret"),
	} {
		for _, s := range []string{"ping", "GET tag", "PUT blob", "PUT tag"} {
			t.Run(name+"/"+s, func(t *testing.T) {
				w := newWorld(t)
				inject(w, matching(s), -1, h)
				_, err := open(t, w).Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
				failure{"remote", "400", ""}.check(t, err)
				if strings.Contains(err.Error(), "secret") {
					t.Errorf("the message has the signature: %v", err)
				}
				if n := strings.Count(err.Error(), "x"); n > maxSaid {
					t.Errorf("%d characters of the body are shown", n)
				}
			})
		}
	}
}
