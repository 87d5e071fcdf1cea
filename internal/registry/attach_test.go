package registry

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"glue-connector/internal/fake"
	"glue-connector/internal/unpack"
)

const documentType = "application/vnd.cyclonedx+json"

var document = []byte(`{"bomFormat":"CycloneDX"}`)

// published is a repository with an image under an immutable tag.
func published(t testing.TB, opts ...fake.Option) (*fake.World, *Repository, v1.Image) {
	t.Helper()
	w := newWorld(t, opts...)
	w.CreateRepository(ref.Account, ref.Region, ref.Repository, true)
	r, img := open(t, w), twoJars(t)
	if _, err := r.Push(t.Context(), img, []string{tag}, SkipIdentical); err != nil {
		t.Fatal(err)
	}
	return w, r, img
}

func TestAttach(t *testing.T) {
	w, r, img := published(t, fake.WithBlobRedirects())
	before := tagged(w, tag)
	got, existed, err := r.Attach(t.Context(), img, documentType, document)
	if err != nil || existed {
		t.Fatalf("existed %v, %v", existed, err)
	}
	raw, mediaType, _ := w.Manifest(ref.Host(), ref.Repository, got)
	var m v1.Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if mediaType != "application/vnd.oci.image.manifest.v1+json" || m.ArtifactType != documentType || m.Subject == nil || m.Subject.Digest.String() != before ||
		m.Subject.MediaType != "application/vnd.docker.distribution.manifest.v2+json" || len(m.Layers) != 1 || m.Layers[0].MediaType != documentType {
		t.Errorf("%s %s", mediaType, raw)
	}
	if b, _ := w.Blob(ref.Host(), ref.Repository, m.Layers[0].Digest.String()); !bytes.Equal(b, document) {
		t.Errorf("the document is %q", b)
	}
	if diff := cmp.Diff([]string{got}, w.Referrers(ref.Host(), ref.Repository, before)); diff != "" {
		t.Errorf("referrers: %s", diff)
	}
	// Glue reads the tag as before, and there is no other.
	if diff := cmp.Diff([]string{tag}, w.Tags(ref.Host(), ref.Repository)); diff != "" || tagged(w, tag) != before {
		t.Errorf("tags: %s", diff)
	}
	raw, _, _ = w.Manifest(ref.Host(), ref.Repository, tag)
	if _, problems := unpack.Manifest(raw); problems != nil {
		t.Errorf("Glue's unpacker: %v", problems)
	}

	// The same again sends nothing.
	sent := w.UploadedBytes()
	again, existed, err := r.Attach(t.Context(), img, documentType, document)
	if err != nil || again != got || !existed || w.UploadedBytes() != sent {
		t.Errorf("%s, existed %v, %d bytes, %v", again, existed, w.UploadedBytes()-sent, err)
	}
	// Another document stands beside the first.
	if _, existed, err = r.Attach(t.Context(), img, documentType, []byte("{}\n")); err != nil || existed {
		t.Errorf("existed %v, %v", existed, err)
	}
	if n := len(w.Referrers(ref.Host(), ref.Repository, before)); n != 2 {
		t.Errorf("%d referrers", n)
	}
}

func TestAttachFailures(t *testing.T) {
	const whole = "The image is published and whole"
	for name, tc := range map[string]struct {
		method, path string
		status       int
		failure      failure
	}{
		"no referrers":     {"GET", "/referrers/", 404, failure{"remote", "attaching the document", "may refuse artifacts"}},
		"refused":          {"PUT", "/manifests/", 405, failure{"remote", "attaching the document", "may refuse artifacts"}},
		"denied":           {"PUT", "/manifests/", 403, failure{"auth", "403", "PutImage"}},
		"listing denied":   {"GET", "/referrers/", 403, failure{"auth", "403", "BatchGetImage"}},
		"no such document": {"PUT", "/manifests/", 201, failure{"remote", "returns nothing", whole}},
	} {
		t.Run(name, func(t *testing.T) {
			w, r, img := published(t)
			before := tagged(w, tag)
			w.Intercept(func(q *http.Request) http.Handler {
				if q.Method != tc.method || !strings.Contains(q.URL.Path, tc.path) {
					return nil
				}
				return status(tc.status)
			})
			_, _, err := r.Attach(t.Context(), img, documentType, document)
			tc.failure.check(t, err)
			failure{tc.failure.Kind, "", whole}.check(t, err)
			if got := w.Tags(ref.Host(), ref.Repository); !slices.Equal(got, []string{tag}) || tagged(w, tag) != before {
				t.Errorf("tags %v", got)
			}
		})
	}
}
