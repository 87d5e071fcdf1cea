package fake_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"glue-connector/internal/fake"
)

func TestPushAndPull(t *testing.T) {
	for _, tc := range []struct {
		name   string
		opts   []fake.Option
		bucket bool // it is asked for blobs
	}{
		{"plain", nil, false},
		{"redirects", []fake.Option{fake.WithBlobRedirects()}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t, tc.opts...)
			w.CreateRepository(account, region, "seller/demo", true)
			opts := options(w, login(t, w))
			img, ref := randomImage(t), reference(t, "seller/demo", "1.0")
			for range 2 { // the second changes nothing, also with immutable tags
				if err := remote.Write(ref, img, opts...); err != nil {
					t.Fatal(err)
				}
			}
			pulled, err := remote.Image(ref, opts...)
			if err != nil {
				t.Fatal(err)
			}
			if err := validate.Image(pulled); err != nil {
				t.Error(err)
			}
			raw, err := img.RawManifest()
			if err != nil {
				t.Fatal(err)
			}
			stored, mt, _ := w.Manifest(host, "seller/demo", "1.0")
			if diff := cmp.Diff([]string{string(raw), string(types.DockerManifestSchema2)}, []string{string(stored), mt}); diff != "" {
				t.Errorf("manifest (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"1.0"}, w.Tags(host, "seller/demo")); diff != "" {
				t.Errorf("tags (-want +got):\n%s", diff)
			}
			var bucket int
			for _, r := range w.Requests() {
				if strings.Contains(r.Host, ".s3.") && r.Method == "GET" {
					bucket++
					if r.Authorization || r.Status != 200 {
						t.Errorf("bucket got %+v, want no Authorization", r)
					}
				}
			}
			if (bucket > 0) != tc.bucket {
				t.Errorf("%d requests to the bucket, want some: %v", bucket, tc.bucket)
			}
			if w.UploadedBytes() < 2048 {
				t.Errorf("uploaded bytes = %d, want two layers of 1 KiB and more", w.UploadedBytes())
			}
		})
	}
}

func TestBucketRefusesCredentials(t *testing.T) {
	w := newWorld(t, fake.WithBlobRedirects())
	d := w.PutBlob(host, "demo", []byte("blob"))
	resp := do(t, w, login(t, w), "GET", "/v2/demo/blobs/"+d, "")
	b, err := io.ReadAll(resp.Body)
	if err != nil || string(b) != "blob" {
		t.Fatalf("got %q, %v, want the blob by redirect", b, err)
	}
	req := resp.Request.Clone(t.Context())
	req.SetBasicAuth("AWS", "x")
	if resp, err = w.HTTPClient().Do(req); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("with credentials: %s, want 400", resp.Status)
	}
}

func TestManifestErrors(t *testing.T) {
	w := newWorld(t)
	w.CreateRepository(account, region, "demo", true)
	good := login(t, w)
	if err := remote.Write(reference(t, "demo", "1"), randomImage(t), options(w, good)...); err != nil {
		t.Fatal(err)
	}
	w.CreateRepository(account, region, "denied", false)
	for _, tc := range []struct {
		name   string
		err    error
		status int
		code   string
	}{
		{"missing repository", get(t, w, good, "none", "1"), 404, "NAME_UNKNOWN"},
		{"missing tag", get(t, w, good, "demo", "2"), 404, "MANIFEST_UNKNOWN"},
		{"no token", get(t, w, authn.Anonymous, "demo", "1"), 401, ""},
		{"wrong token", get(t, w, &authn.Basic{Username: "AWS", Password: "x"}, "demo", "1"), 401, ""},
		{"immutable tag", remote.Write(reference(t, "demo", "1"), randomImage(t), options(w, good)...), 400, "TAG_INVALID"},
		{"missing layers", remote.Put(reference(t, "demo", "3"), randomImage(t), options(w, good)...), 404, "BLOB_UPLOAD_UNKNOWN"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, code := codes(t, tc.err)
			if status != tc.status || code != tc.code {
				t.Errorf("got %d %s (%v), want %d %s", status, code, tc.err, tc.status, tc.code)
			}
		})
	}
}

func get(t *testing.T, w *fake.World, a authn.Authenticator, repository, tag string) error {
	_, err := remote.Get(reference(t, repository, tag), options(w, a)...)
	return err
}

func TestExpiredToken(t *testing.T) {
	w := newWorld(t)
	w.PutManifest(host, "demo", "1", string(types.DockerManifestSchema2), []byte(`{"schemaVersion":2}`))
	old := login(t, w)
	if err := get(t, w, old, "demo", "1"); err != nil {
		t.Fatal(err)
	}
	w.ExpireTokens()
	err := get(t, w, old, "demo", "1")
	if err == nil || !strings.Contains(err.Error(), "Your authorization token has expired. Reauthenticate and try again.") {
		t.Errorf("expired: %v", err)
	}
	if err := get(t, w, login(t, w), "demo", "1"); err != nil {
		t.Errorf("with a new token: %v", err)
	}
}

func TestChallenge(t *testing.T) {
	w := newWorld(t)
	resp := do(t, w, nil, "GET", "/v2/", "")
	want := `Basic realm="https://` + host + `/",service="ecr.amazonaws.com"`
	if got := resp.Header.Get("WWW-Authenticate"); resp.StatusCode != 401 || got != want {
		t.Errorf("got %s %s, want %s", resp.Status, got, want)
	}
}

func TestMissingRepositoryDropsUploads(t *testing.T) {
	w := newWorld(t)
	err := remote.Write(reference(t, "none", "1"), randomImage(t), options(w, login(t, w))...)
	if err == nil || !strings.Contains(err.Error(), "EOF") {
		t.Errorf("got %v, want EOF", err)
	}
}

func TestDenyAtTheRegistry(t *testing.T) {
	w := newWorld(t)
	w.CreateRepository(account, region, "demo", false)
	w.Deny("ecr:InitiateLayerUpload")
	err := remote.Write(reference(t, "demo", "1"), randomImage(t), options(w, login(t, w))...)
	if status, code := codes(t, err); status != 403 || code != "DENIED" {
		t.Errorf("got %v, want 403 DENIED", err)
	}
}

func TestUploads(t *testing.T) {
	const ok = "sha256:2689367b205c16ce32ed4200942b8b8b1e262dfc70d9bc9fbc77c49699a4f1df" // of "ok"
	for _, tc := range []struct {
		name, query, body string
		status            int
		code              string
	}{
		{"fine", "?digest=" + ok, "ok", 201, ""},
		{"wrong digest", "?digest=" + ok, "no", 400, "DIGEST_INVALID"},
		{"no digest", "", "ok", 400, "DIGEST_INVALID"},
		{"empty", "?digest=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "", 400, "SIZE_INVALID"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.PutBlob(host, "other", []byte("ok"))
			w.CreateRepository(account, region, "demo", false)
			a := login(t, w)
			begun := do(t, w, a, "POST", "/v2/demo/blobs/uploads/?from=other&mount="+ok, "")
			loc := begun.Header.Get("Location")
			if begun.StatusCode != 202 || !strings.HasPrefix(loc, "/v2/demo/blobs/uploads/") {
				t.Fatalf("begun with %s to %q, want 202", begun.Status, loc)
			}
			resp := do(t, w, a, "PUT", loc+tc.query, tc.body)
			b, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != tc.status || !strings.Contains(string(b), tc.code) {
				t.Errorf("got %s %s, want %d %s", resp.Status, b, tc.status, tc.code)
			}
			if _, stored := w.Blob(host, "demo", ok); stored != (tc.status == 201) {
				t.Errorf("stored = %v", stored)
			}
		})
	}
}

func TestSeededIndex(t *testing.T) {
	w := newWorld(t)
	idx, err := random.Index(64, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := idx.RawManifest()
	if err != nil {
		t.Fatal(err)
	}
	if d := w.PutManifest(host, "demo", "1", string(types.OCIImageIndex), raw); d != digestOf(t, idx) {
		t.Errorf("digest = %s, want %s", d, digestOf(t, idx))
	}
	// Glue's unpacker sends no Accept header of its own.
	resp := do(t, w, login(t, w), "GET", "/v2/demo/manifests/1", "")
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{string(raw), string(types.OCIImageIndex), digestOf(t, idx)}
	got := []string{string(b), resp.Header.Get("Content-Type"), resp.Header.Get("Docker-Content-Digest")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("index (-want +got):\n%s", diff)
	}
}
