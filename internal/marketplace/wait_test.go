package marketplace

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"glue-connector/internal/fake"
)

// While something is waited for, calls keep their distance, whatever fails.
func TestPace(t *testing.T) {
	if d := defaultLimits; d.distance < 2*time.Second || d.first < d.distance || d.longest > time.Minute {
		t.Errorf("limits %+v", d)
	}
	for name, begin := range map[string]func(*fake.World){
		"change set": func(w *fake.World) { w.SlowChangeSets(6, 6) },
		"lock":       func(w *fake.World) { w.StartElsewhere(productID, 6) },
		"throttling": func(w *fake.World) {
			w.SlowChangeSets(1, 0)
			var n atomic.Int64
			w.Intercept(func(r *http.Request) http.Handler {
				if r.URL.Path != "/DescribeChangeSet" || n.Add(1) > 6 {
					return nil
				}
				return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusTooManyRequests) })
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := newWorld(t)
			begin(w)
			const distance = 20 * time.Millisecond
			c := newClient(configOf(w), limits{first: distance, longest: 2 * distance, distance: distance, patience: time.Minute})
			if _, err := publish(t, c, "1.0.0"); err != nil {
				t.Fatal(err)
			}
			close := 0 // together
			all := w.Requests()
			for i := 1; i < len(all); i++ {
				if all[i].Time.Sub(all[i-1].Time) < distance-2*time.Millisecond {
					close++
				}
			}
			// Entity, list, start and the first look come at once.
			if close > 3 || len(all) < 6 {
				t.Errorf("%d of %d calls came sooner", close, len(all))
			}
		})
	}
}

// The context ends a publication wherever it is, and it says where that was.
func TestEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		begin func(*fake.World)
		doing string
	}{
		"change set": {func(w *fake.World) { w.SlowChangeSets(1000000, 0) }, "waiting for change set 0000000000001, which is PREPARING"},
		"lock":       {func(w *fake.World) { w.StartElsewhere(productID, 1000000) }, "waiting for another change set of " + productID},
		"throttling": {func(w *fake.World) {
			w.Intercept(func(r *http.Request) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusTooManyRequests) })
			})
		}, "reading product " + productID},
		"held up": {func(w *fake.World) {
			w.Intercept(func(r *http.Request) http.Handler {
				return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
			})
		}, "reading product " + productID},
		"unknown status": {func(w *fake.World) {
			w.Intercept(func(r *http.Request) http.Handler {
				if r.URL.Path != "/DescribeChangeSet" {
					return nil
				}
				return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, `{"Status":"FOO"}`) })
			})
		}, "waiting for change set 0000000000001, which is FOO"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := newWorld(t)
			tt.begin(w)
			c := newClient(configOf(w), limits{first: 10 * time.Second, longest: 10 * time.Second, patience: time.Minute})
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			begun := time.Now()
			_, err := c.Publish(ctx, listing(), nil, waiting)
			during, ok := errors.AsType[interface {
				error
				While() string
			}](err)
			if !ok || !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(during.While(), tt.doing) {
				t.Errorf("%v", err)
			}
			if d := time.Since(begun); d > 3*time.Second {
				t.Errorf("ended after %v", d)
			}
		})
	}
}
