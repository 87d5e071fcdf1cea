package registry

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"glue-connector/internal/connector"
)

// observed collects what a push tells of its blobs.
type observed struct {
	t    testing.TB
	all  []Progress
	last map[string]Progress
	from map[string]int // how often an upload began anew
}

func observe(t testing.TB, r *Repository) *observed {
	o := &observed{t: t, last: map[string]Progress{}, from: map[string]int{}}
	r.Observe = func(p Progress) {
		if before, ok := o.last[p.Layer]; ok && (p.Size != before.Size || p.Sent > p.Size) {
			t.Errorf("%+v after %+v", p, before)
		} else if ok && p.Sent < before.Sent {
			o.from[p.Layer]++
		}
		o.all, o.last[p.Layer] = append(o.all, p), p
	}
	return o
}

func TestProgress(t *testing.T) {
	w := newWorld(t)
	first := build(t, map[string][]byte{"a.jar": noise(1, 300<<10), "b.jar": noise(2, 5000)})
	r := open(t, w)
	o := observe(t, r)
	// The first upload of the large layer breaks off in its midst.
	inject(w, func(req *http.Request) bool { return matching("PUT blob")(req) && req.ContentLength > 200<<10 }, 1, func(rw http.ResponseWriter, req *http.Request) {
		io.CopyN(io.Discard, req.Body, 100<<10)
		reset(rw, req)
	})
	if _, err := r.Push(t.Context(), first, []string{tag}, SkipIdentical); err != nil {
		t.Fatal(err)
	}
	want := map[string]Progress{}
	for i, b := range blobs(t, first) {
		h, n, _ := v1.SHA256(bytes.NewReader(b))
		want[h.String()] = Progress{Layer: h.String(), Size: n, Sent: n}
		if i == 0 && o.from[h.String()] != 1 {
			t.Errorf("the broken upload began anew %d times", o.from[h.String()])
		}
	}
	if diff := cmp.Diff(want, o.last); diff != "" {
		t.Errorf("at the end (-want +got):\n%s", diff)
	}
	for i, p := range o.all[:len(want)] {
		if p.Sent != 0 || p.Skipped {
			t.Errorf("event %d is %+v, want every blob told before any moves", i, p)
		}
	}

	second := build(t, map[string][]byte{"a.jar": noise(1, 300<<10), "b.jar": noise(3, 5000)})
	r = open(t, w)
	o = observe(t, r)
	if _, err := r.Push(t.Context(), second, []string{"1.0.1"}, SkipIdentical); err != nil {
		t.Fatal(err)
	}
	for layer, p := range o.last {
		if _, skipped := want[layer]; p.Skipped != skipped || (p.Sent == 0) != skipped {
			t.Errorf("%+v, want it skipped: %v", p, skipped)
		}
	}

	// What is there already is told by no event at all.
	r = open(t, w)
	o = observe(t, r)
	if _, err := r.Push(t.Context(), second, []string{"1.0.1"}, SkipIdentical); err != nil || len(o.all) > 0 {
		t.Errorf("%v, %v", o.all, err)
	}
}

// Blobs are taken over from another repository where the account allows it, and
// uploaded where it does not, or the registry is another one.
func TestMountFrom(t *testing.T) {
	other := ref
	other.Repository = "my-company/other"
	far := other
	far.Region = "us-east-1"
	for name, tc := range map[string]struct {
		from    connector.Reference
		allowed bool
		refused bool
	}{
		"allowed": {other, true, false}, "not allowed": {other, false, false}, "refused": {other, false, true}, "another registry": {far, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			w, img := newWorld(t), twoJars(t)
			var asked atomic.Int32
			w.Intercept(func(req *http.Request) http.Handler {
				q := req.URL.Query()
				if !matching("POST upload")(req) || !q.Has("mount") || !q.Has("from") {
					return nil
				}
				if asked.Add(1); q.Get("from") != tc.from.Repository || !strings.HasPrefix(q.Get("mount"), "sha256:") {
					t.Errorf("asked for %v", q)
				}
				if tc.refused {
					return status(403)
				}
				if !tc.allowed {
					return nil
				}
				return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
					for _, b := range blobs(t, img) {
						if h, _, _ := v1.SHA256(bytes.NewReader(b)); h.String() == q.Get("mount") {
							w.PutBlob(ref.Host(), ref.Repository, b)
						}
					}
					rw.WriteHeader(201)
				})
			})
			w.CreateRepository(tc.from.Account, tc.from.Region, tc.from.Repository, false)
			r := open(t, w)
			r.MountFrom(openWith(t, awsConfig(w), tc.from, transportOf(t, w)))
			o := observe(t, r)
			got, err := r.Push(t.Context(), img, []string{tag}, SkipIdentical)
			pushed(t, w, got, err)
			same := tc.from.Host() == ref.Host()
			if mounted := same && tc.allowed; (got.Uploaded == 0) != mounted || (asked.Load() > 0) != same {
				t.Errorf("uploaded %d bytes, asked %d times", got.Uploaded, asked.Load())
			}
			for _, p := range o.last {
				if p.Skipped != (same && tc.allowed) {
					t.Errorf("%+v", p)
				}
			}
		})
	}
}
