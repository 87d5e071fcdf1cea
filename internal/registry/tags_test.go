package registry

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/v1"

	"glue-connector/internal/fake"
)

// plan asks ahead, and then has a look at tags where the image img is to go.
func plan(t *testing.T, w *fake.World, img v1.Image, tags ...string) ([]string, error) {
	t.Helper()
	r := open(t, w)
	defer r.Ask(t.Context(), tags)()
	return r.Plan(t.Context(), digest(t, img), tags, SkipIdentical, false)
}

func pushedAs(t *testing.T, img v1.Image, tags ...string) *fake.World {
	t.Helper()
	w := newWorld(t)
	if _, err := open(t, w).Push(t.Context(), img, tags, SkipIdentical); err != nil {
		t.Fatal(err)
	}
	return w
}

// What ECR's API says is missing is not asked for again by the first look: here the
// registry tells of no tag. Of any other the registry's word is taken.
func TestAskedAhead(t *testing.T) {
	img := twoJars(t)
	w := pushedAs(t, img, "1.0.0")
	w.Intercept(func(r *http.Request) http.Handler {
		if !of("GET", "/manifests/")(r) {
			return nil
		}
		return status(http.StatusBadRequest)
	})
	for _, tags := range [][]string{{"2.0.0", "latest"}, slices.Repeat([]string{"2.0.0"}, askTags)} {
		missing, err := plan(t, w, img, tags...)
		if diff := cmp.Diff(tags, missing); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	for _, tags := range [][]string{{"2.0.0", "1.0.0"}, slices.Repeat([]string{"2.0.0"}, askTags+1)} {
		_, err := plan(t, w, img, tags...)
		failure{"remote", "400", ""}.check(t, err)
	}
}

const notFound = `{"imageId":{"imageTag":"` + tag + `"},"failureCode":"ImageNotFound"}`

// An answer that is not about what was asked for, contradicts itself, does not come or
// is a refusal decides nothing: the tag is found in the registry.
func TestAskedAheadDoubts(t *testing.T) {
	img := twoJars(t)
	ok := func(body string) http.HandlerFunc {
		return answer(http.StatusOK, "application/x-amz-json-1.1", body)
	}
	for name, h := range map[string]http.HandlerFunc{
		"empty":         ok(`{}`),
		"no JSON":       ok(`<html>`),
		"null":          ok(`{"failures":[null,{"failureCode":"ImageNotFound"}],"images":[null]}`),
		"another":       ok(`{"failures":[` + strings.Replace(notFound, tag, "2.0.0", 1) + `]}`),
		"another code":  ok(`{"failures":[` + strings.Replace(notFound, "ImageNotFound", "UpstreamAccessDenied", 1) + `]}`),
		"contradiction": ok(`{"failures":[` + notFound + `],"images":[{"imageId":{"imageTag":"` + tag + `"}}]}`),
		"denied":        answer(http.StatusBadRequest, "application/x-amz-json-1.1", `{"__type":"AccessDeniedException"}`),
		"no repository": answer(http.StatusBadRequest, "application/x-amz-json-1.1", `{"__type":"RepositoryNotFoundException"}`),
		"throttled":     status(http.StatusTooManyRequests),
		"reset":         reset,
	} {
		t.Run(name, func(t *testing.T) {
			w := pushedAs(t, img, tag)
			inject(w, targeted("BatchGetImage"), -1, h)
			if missing, err := plan(t, w, img, tag); err != nil || len(missing) > 0 {
				t.Errorf("%v is said to be missing, %v", missing, err)
			}
		})
	}
}

// A tag that was missing when it was asked for is not overwritten where it is there
// before it would be put.
func TestAskedTooEarly(t *testing.T) {
	before, img := build(t, map[string][]byte{"a.jar": noise(1, 100)}), twoJars(t)
	w := pushedAs(t, before, tag)
	inject(w, targeted("BatchGetImage"), -1, answer(http.StatusOK, "application/x-amz-json-1.1", `{"failures":[`+notFound+`]}`))
	r := open(t, w)
	defer r.Ask(t.Context(), []string{tag})()
	_, err := r.Push(t.Context(), img, []string{tag}, SkipIdentical)
	failure{"conflict", "is taken", ""}.check(t, err)
	if got := tagged(w, tag); got != digest(t, before) {
		t.Errorf("the tag holds %s", got)
	}
}
