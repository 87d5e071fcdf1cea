package marketplace

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/fake"
)

var waiting = Options{Wait: true}

func publish(t *testing.T, c *Client, title string) (Result, error) {
	t.Helper()
	l := listing()
	l.Title = title
	return c.Publish(t.Context(), l, []string{"sha256:1"}, waiting)
}

// titles are those of the product's versions.
func titles(w *fake.World) (all []string) {
	p, _ := w.Product(productID)
	for _, v := range p.Versions {
		all = append(all, v.Title)
	}
	return all
}

// Whatever fails for a while, and at which call, comes right in the end, once.
func TestFaultsThatPass(t *testing.T) {
	status := func(code int, body string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "application/json")
			rw.WriteHeader(code)
			fmt.Fprint(rw, body)
		}
	}
	for name, fault := range map[string]func(w *fake.World) http.HandlerFunc{
		"throttled": func(*fake.World) http.HandlerFunc {
			return status(http.StatusTooManyRequests, `{"__type":"ThrottlingException","Message":"Rate exceeded"}`)
		},
		"500":  func(*fake.World) http.HandlerFunc { return status(500, `{"__type":"InternalServiceException"}`) },
		"page": func(*fake.World) http.HandlerFunc { return status(503, `<html>busy</html>`) },
		"reset": func(*fake.World) http.HandlerFunc {
			return func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
		},
		"answer lost": func(w *fake.World) http.HandlerFunc {
			return func(_ http.ResponseWriter, r *http.Request) {
				w.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
		},
	} {
		for _, path := range []string{"/DescribeEntity", "/ListChangeSets", "/StartChangeSet", "/DescribeChangeSet"} {
			t.Run(name+path, func(t *testing.T) {
				t.Parallel()
				w, c := newWorld(t)
				w.SlowChangeSets(1, 1)
				var left atomic.Int64
				left.Store(8)
				w.Intercept(func(r *http.Request) http.Handler {
					if r.URL.Path != path || left.Add(-1) < 0 {
						return nil
					}
					return fault(w)
				})
				r, err := publish(t, c, "1.0.0")
				if err != nil || r.State != Done {
					t.Fatalf("%+v, %v", r, err)
				}
				if got := titles(w); len(got) != 1 || len(w.ChangeSets()) != 1 {
					t.Errorf("versions %q of %d change sets", got, len(w.ChangeSets()))
				}
			})
		}
	}
}

// A change set that AWS does not know yet is one that it has just started; one that
// it does not come to know is a failure.
func TestUnknownAtFirst(t *testing.T) {
	for misses, fine := range map[int64]bool{2: true, 1000: false} {
		w, c := newWorld(t)
		var left atomic.Int64
		left.Store(misses)
		w.Intercept(func(r *http.Request) http.Handler {
			if r.URL.Path != "/DescribeChangeSet" || left.Add(-1) < 0 {
				return nil
			}
			return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Type", "application/json")
				rw.WriteHeader(http.StatusNotFound)
				fmt.Fprint(rw, `{"__type":"ResourceNotFoundException","Message":"no such change set"}`)
			})
		})
		r, err := publish(t, c, "1.0.0")
		if (err == nil) != fine || len(w.ChangeSets()) != 1 {
			t.Errorf("%d misses: %+v, %v", misses, r, err)
		}
	}
}

// A product that others change is waited for, and is theirs to change meanwhile.
func TestLocked(t *testing.T) {
	w, c := newWorld(t)
	w.StartElsewhere(productID, 3)
	if r, err := publish(t, c, "1.0.0"); err != nil || r.State != Done {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := titles(w); len(got) != 1 {
		t.Errorf("versions %q", got)
	}
}

// Runs at the same time: of one version they share the change set, and of several
// they come one after the other.
func TestTogether(t *testing.T) {
	w, _ := newWorld(t)
	w.SlowChangeSets(1, 1)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			c := newClient(configOf(w), shortLimits())
			if r, err := publish(t, c, fmt.Sprint(i%2)); err != nil || r.State != Done {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
	all.Wait()
	if got := titles(w); len(got) != 2 || got[0] == got[1] || len(w.ChangeSets()) != 2 {
		t.Errorf("versions %q of %d change sets", got, len(w.ChangeSets()))
	}
}

func TestServerFaults(t *testing.T) {
	w, c := newWorld(t)
	for range maxFaults {
		w.EndChangeSet(fake.ChangeSetEnd{Status: "FAILED", FailureCode: "SERVER_FAULT", Description: "Something broke."})
	}
	r, err := publish(t, c, "1.0.0")
	f, ok := errors.AsType[*Failure](err)
	if !ok || f.Error() != "change set 0000000000003 failed: SERVER_FAULT: Something broke." || r.State != Refused || r.ID != f.ID {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := publish(t, c, "1.0.0"); err != nil { // that of another day
		t.Error(err)
	}
	for i, s := range w.ChangeSets() {
		if want := fmt.Sprintf("-%d", i+1); !strings.HasSuffix(s.Token, want) {
			t.Errorf("attempt %d has the token %s", i+1, s.Token)
		}
	}
}

// Answers that are none are failures, and no list is followed for ever.
func TestHollowAnswers(t *testing.T) {
	for path, want := range map[string]string{
		"/StartChangeSet": "the answer names none",
		"/ListChangeSets": "the list does not end",
		"/DescribeEntity": "the answer names no entity",
	} {
		t.Run(path, func(t *testing.T) {
			w, c := newWorld(t)
			w.Intercept(func(r *http.Request) http.Handler {
				if r.URL.Path != path {
					return nil
				}
				return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
					rw.Header().Set("Content-Type", "application/json")
					if path == "/ListChangeSets" {
						fmt.Fprint(rw, `{"NextToken":"again"}`)
						return
					}
					fmt.Fprint(rw, `{}`)
				})
			})
			if _, err := publish(t, c, "1.0.0"); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v", err)
			}
			if n := len(w.ChangeSets()); n > 0 {
				t.Errorf("%d change sets", n)
			}
		})
	}
}

// What a dry run shows is what is sent.
func TestRequest(t *testing.T) {
	w, c := newWorld(t)
	plan, err := c.Plan(t.Context(), listing(), []string{"sha256:1"})
	if err != nil {
		t.Fatal(err)
	}
	var shown struct {
		ClientRequestToken, ChangeSetName string
		ChangeSet                         []struct{ DetailsDocument any }
	}
	if err := json.Unmarshal(plan.Request, &shown); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Publish(t.Context(), listing(), []string{"sha256:1"}, waiting); err != nil {
		t.Fatal(err)
	}
	sent := w.ChangeSets()[0]
	var details any
	if err := json.Unmarshal(sent.Changes[0].Details, &details); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shown.ChangeSet[0].DetailsDocument, details); diff != "" || sent.Token != shown.ClientRequestToken || sent.Name != shown.ChangeSetName {
		t.Errorf("%s%+v", diff, sent)
	}
}
