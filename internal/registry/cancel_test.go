package registry

import (
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/fake"
)

// TestMain lets more tests run at a time than there are processors, as the
// parallel ones of this package do nothing but wait.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		flag.Set("test.parallel", "6")
	}
	m.Run()
}

var errSignal = errors.New("interrupted by a test")

// A cancelled push ends at once, whatever it is doing, and says why.
func TestCancel(t *testing.T) {
	large := build(t, map[string][]byte{"a.jar": noise(1, 12<<20)}) // more than the kernel takes in
	after := func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Retry-After", "60")
		rw.WriteHeader(429)
	}
	for _, tc := range []struct {
		name, step string
		h          http.HandlerFunc // nil for one that never answers
	}{
		{"request", "ping", nil},
		{"request", "GET tag", nil},
		{"upload", "PUT blob", nil},
		{"request", "PUT tag", nil},
		{"back-off of a read", "GET tag", status(503)},
		{"back-off", "HEAD blob", status(503)},
		{"back-off", "PUT blob", status(503)},
		{"back-off", "PUT tag", status(503)},
		{"back-off after a reset", "PUT blob", reset},
		{"Retry-After of a read", "GET tag", after},
		{"Retry-After", "PUT blob", after},
	} {
		t.Run(tc.name+"/"+tc.step, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			reached := make(chan struct{}, 1)
			h := tc.h
			if h == nil {
				h = stuck(t)
			}
			inject(w, matching(tc.step), -1, func(rw http.ResponseWriter, r *http.Request) {
				select {
				case reached <- struct{}{}:
				default:
				}
				h(rw, r)
			})
			r := open(t, w)
			r.guard.limits = defaultLimits // of a real run
			done := make(chan error, 1)
			go func() {
				_, err := r.Push(ctx, large, []string{tag}, SkipIdentical)
				done <- err
			}()
			<-reached
			time.Sleep(200 * time.Millisecond) // into the upload or the wait
			start := time.Now()
			cancel(errSignal)
			select {
			case err := <-done:
				if d := time.Since(start); d > time.Second {
					t.Errorf("returned after %v", d)
				}
				if !errors.Is(err, context.Canceled) || !errors.Is(err, errSignal) {
					t.Errorf("got %v, want a cancellation and its cause", err)
				}
				if _, ok := errors.AsType[*Error](err); ok {
					t.Errorf("a cancellation is told as a failure: %v", err)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("still running 20 s later")
			}
			if tags := w.Tags(ref.Host(), ref.Repository); len(tags) > 0 {
				t.Errorf("tags %v", tags)
			}
		})
	}
}

func TestCancelledBefore(t *testing.T) {
	w := newWorld(t)
	r := open(t, w)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, create := r.Create(ctx)
	_, push := r.Push(ctx, twoJars(t), []string{tag}, SkipIdentical)
	_, present := r.Available(ctx, []string{"sha256:0"})
	_, blob := r.Blob(ctx, "sha256:0")
	_, account := CallerAccount(ctx, awsConfig(w))
	for i, err := range []error{create, push, present, blob, account} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if n := len(w.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// A deadline is no time-out of a request that would be tried again.
func TestDeadline(t *testing.T) {
	for _, name := range []string{"GET tag", "HEAD blob", "PUT blob"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			inject(w, matching(name), -1, stuck(t))
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			r := open(t, w)
			r.guard.limits = defaultLimits
			start := time.Now()
			_, err := r.Push(ctx, twoJars(t), []string{tag}, SkipIdentical)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			if d := time.Since(start); d > 4*time.Second { // tried again, it takes longer
				t.Errorf("returned after %v", d)
			}
		})
	}
}

func TestAvailable(t *testing.T) {
	for name, prepare := range map[string]func(*fake.World){"API": func(*fake.World) {}, "registry": withoutAPI} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			prepare(w)
			put := func(text string) string { return w.PutBlob(ref.Host(), ref.Repository, []byte(text)) }
			want := map[string]int64{}
			none := "sha256:" + strings.Repeat("0", 64)
			asked := []string{none, none}
			for i := range 150 { // more than the API takes at a time
				text := strings.Repeat("x", i)
				want[put(text)] = int64(i)
				asked = append(asked, put(text))
			}
			r := open(t, w)
			got, err := r.Available(t.Context(), asked)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("sizes (-want +got):\n%s", diff)
			}
			if got, err := r.Available(t.Context(), nil); err != nil || len(got) != 0 {
				t.Errorf("no blobs: %v, %v", got, err)
			}
			inject(w, matching("HEAD blob"), -1, status(400))
			_, err = r.Available(t.Context(), asked[:2])
			failure{"remote", "looking for blob", ""}.check(t, err)
		})
	}
}

// An answer that is not about what was asked for decides nothing.
func TestAvailableDoubts(t *testing.T) {
	none := "sha256:" + strings.Repeat("0", 64)
	for name, body := range map[string]string{
		"empty":   `{}`,
		"failure": `{"failures":[{"layerDigest":"` + none + `","failureCode":"InvalidLayerDigest"}]}`,
		"another": `{"layers":[{"layerDigest":"sha256:1","layerAvailability":"AVAILABLE","layerSize":1}]}`,
		"no JSON": `<html>`,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			there := w.PutBlob(ref.Host(), ref.Repository, []byte("blob"))
			inject(w, func(r *http.Request) bool {
				return strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".BatchCheckLayerAvailability")
			}, -1, answer(http.StatusOK, "application/x-amz-json-1.1", body))
			got, err := open(t, w).Available(t.Context(), []string{none, there})
			if diff := cmp.Diff(map[string]int64{there: 4}, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// The API says that a layer is not there which the registry took: no tag is put.
func TestLostLayer(t *testing.T) {
	w := newWorld(t)
	lose := answer(http.StatusCreated, "text/plain", "")
	inject(w, func(r *http.Request) bool { return matching("PUT blob")(r) && r.ContentLength > 2500 }, -1, func(rw http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		lose(rw, r)
	})
	_, err := open(t, w).Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
	failure{"remote", "does not have layer sha256:", "No tag was put"}.check(t, err)
	if tags := w.Tags(ref.Host(), ref.Repository); len(tags) > 0 {
		t.Errorf("tags %v", tags)
	}
}

// Nothing runs on after a push, whether it went well or not. It runs before the
// parallel tests and looks for goroutines of this package and of net/http only.
func TestNoGoroutineIsLeft(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"success": nil, "failure": status(400), "resets": reset, "large error": answer(400, "text/plain", strings.Repeat("x", 1<<20)),
	} {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			w, err := fake.New()
			if err != nil {
				t.Fatal(err)
			}
			w.CreateRepository(ref.Account, ref.Region, ref.Repository, false)
			if h != nil {
				inject(w, matching("PUT blob"), -1, h)
			}
			tr := w.HTTPClient().Transport.(*http.Transport)
			cfg := awsConfig(w)
			client := &http.Client{Transport: &http.Transport{}}
			cfg.HTTPClient = client
			_, err = openWith(t, cfg, ref, tr).Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
			if (err == nil) != (h == nil) {
				t.Error(err)
			}
			w.Close()
			tr.CloseIdleConnections()
			client.CloseIdleConnections()
			var after int
			for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
				if after = runtime.NumGoroutine(); after <= before {
					return
				}
			}
			buf := make([]byte, 1<<20)
			t.Errorf("%d goroutines, before %d:\n%s", after, before, buf[:runtime.Stack(buf, true)])
		})
	}
}
