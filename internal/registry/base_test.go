package registry

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"

	"glue-connector/internal/connector"
	"glue-connector/internal/fake"
	"glue-connector/internal/image"
)

// seed puts an image into the registry as it would be after another's push.
func seed(t testing.TB, w *fake.World, img v1.Image, tag string) {
	t.Helper()
	for _, b := range blobs(t, img) {
		w.PutBlob(ref.Host(), ref.Repository, b)
	}
	raw, err := img.RawManifest()
	if err != nil {
		t.Fatal(err)
	}
	mediaType, err := img.MediaType()
	if err != nil {
		t.Fatal(err)
	}
	w.PutManifest(ref.Host(), ref.Repository, tag, string(mediaType), raw)
}

func configOf(w *fake.World) func(context.Context) (aws.Config, error) {
	return func(context.Context) (aws.Config, error) { return awsConfig(w), nil }
}

func TestBaseFromECR(t *testing.T) {
	amd, err := random.Image(500, 2)
	if err != nil {
		t.Fatal(err)
	}
	arm, err := random.Image(400, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, opts := range [][]fake.Option{nil, {fake.WithBlobRedirects()}} {
		w := newWorld(t, opts...)
		seed(t, w, amd, "single")
		seed(t, w, arm, "")
		index := mutate.AppendManifests(empty.Index,
			mutate.IndexAddendum{Add: arm, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "arm64"}}},
			mutate.IndexAddendum{Add: amd, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}}})
		raw, err := index.RawManifest()
		if err != nil {
			t.Fatal(err)
		}
		mediaType, err := index.MediaType()
		if err != nil {
			t.Fatal(err)
		}
		w.PutManifest(ref.Host(), ref.Repository, "many", string(mediaType), raw)
		for _, reference := range []string{":single", ":many", "@" + digest(t, amd)} {
			img, err := base(t.Context(), ref.Name()+reference, configOf(w), transportOf(t, w))
			if err != nil {
				t.Fatal(reference, err)
			}
			if want := ref.Name() + "@" + digest(t, amd); img.Pinned() != want || img.Name != ref.Name()+reference || digest(t, img.Image) != digest(t, amd) {
				t.Errorf("%s: got %s as %s, want %s", reference, img.Pinned(), img.Name, want)
			}
			var size int64
			for _, b := range blobs(t, amd)[:2] {
				size += int64(len(b))
			}
			if img.Layers != 2 || img.Size != size {
				t.Errorf("%s: %d bytes in %d layers, want %d", reference, img.Size, img.Layers, size)
			}
			for i, b := range blobs(t, amd) {
				if got := blobs(t, img.Image)[i]; string(got) != string(b) {
					t.Errorf("%s: blob %d differs", reference, i)
				}
			}
		}
		for _, r := range w.Requests() {
			if r.Authorization && strings.Contains(r.Host, ".s3.") {
				t.Errorf("credentials were sent: %+v", r)
			}
		}
	}
}

func TestBaseFailures(t *testing.T) {
	errConfig := errors.New("no profile")
	const elsewhere = "registry.example/library/base:1"
	public := "An image outside of ECR must be public"
	for _, tc := range []struct {
		name, image string
		host        string // whose requests h serves
		h           http.HandlerFunc
		failure     failure
	}{
		{"missing tag", ref.Name() + ":none", "", nil, failure{"auth", "getting base image", "ecr:BatchGetImage"}},
		{"missing repository", ref.Host() + "/my-company/none:1", "", nil, failure{"auth", "getting base image", "repository/my-company/none"}},
		{"denied", ref.Name() + ":1", ref.Host(), status(403), failure{"auth", "403", "ecr:BatchGetImage"}},
		{"down", ref.Name() + ":1", ref.Host(), status(400), failure{"remote", "400", "Run again"}},
		{"not public", elsewhere, "registry.example", status(403), failure{"auth", "getting base image", public}},
		{"gone", elsewhere, "registry.example", status(404), failure{"auth", "getting base image", public}},
		{"unreachable", elsewhere, "", nil, failure{"remote", "getting base image", "HTTPS_PROXY"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			var over http.RoundTripper = transportOf(t, w)
			if tc.host != "" {
				over = answering{tc.host, tc.h, over}
			}
			_, err := base(t.Context(), tc.image, configOf(w), over)
			tc.failure.check(t, err)
			for _, r := range w.Requests() {
				if strings.HasPrefix(r.Host, "registry.example") && r.Authorization {
					t.Errorf("credentials were sent: %+v", r)
				}
			}
		})
	}
	w := newWorld(t)
	if _, err := base(t.Context(), "NO name", configOf(w), nil); err == nil || !strings.Contains(err.Error(), "reading image name") {
		t.Errorf("bad name: %v", err)
	}
	broken := func(context.Context) (aws.Config, error) { return aws.Config{}, errConfig }
	if _, err := base(t.Context(), ref.Name()+":1", broken, transportOf(t, w)); !errors.Is(err, errConfig) {
		t.Errorf("bad config: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := base(ctx, ref.Name()+":1", configOf(w), transportOf(t, w)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// What a base cannot be, each told from its manifest alone.
func TestUnfitBases(t *testing.T) {
	const list = "application/vnd.oci.image.index.v1+json"
	child := func(os, arch string) string {
		return `{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,"digest":"sha256:` + strings.Repeat("0", 64) + `","platform":{"os":"` + os + `","architecture":"` + arch + `"}}`
	}
	for name, tc := range map[string]struct {
		mediaType, raw string
		failure        failure
	}{
		"schema 1":        {"application/vnd.docker.distribution.manifest.v1+prettyjws", `{"schemaVersion":1,"fsLayers":[]}`, failure{"base", "Docker's schema 1", "another base"}},
		"index of others": {list, `{"schemaVersion":2,"manifests":[` + child("linux", "arm64") + "," + child("unknown", "unknown") + `]}`, failure{"base", `no image for linux/amd64, which Glue's machines are, but for ["linux/arm64"]`, "also built for linux/amd64"}},
		"empty index":     {list, `{"schemaVersion":2,"manifests":[]}`, failure{"base", "no image for linux/amd64", "linux/amd64"}},
		"no image":        {"application/json", `{}`, failure{"base", `no image but "application/json"`, "Check the name"}},
		"no JSON":         {list, `<html>`, failure{"remote", "getting base image", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.PutManifest(ref.Host(), ref.Repository, "base", tc.mediaType, []byte(tc.raw))
			_, err := base(t.Context(), ref.Name()+":base", configOf(w), transportOf(t, w))
			tc.failure.check(t, err)
		})
	}
}

// A layer that is not what its digest says ends the build.
func TestBaseWithAnotherLayer(t *testing.T) {
	under, err := random.Image(2000, 1)
	if err != nil {
		t.Fatal(err)
	}
	other, err := random.Image(2000, 1)
	if err != nil {
		t.Fatal(err)
	}
	if under, err = mutate.ConfigFile(under, linux(t, under)); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	seed(t, w, under, "base")
	inject(w, of("GET", "/demo/blobs/"+layerDigest(t, under)), 1000, func(rw http.ResponseWriter, r *http.Request) {
		rw.Write(blobs(t, other)[0])
	})
	from, err := base(t.Context(), ref.Name()+":base", configOf(w), transportOf(t, w))
	if err != nil {
		t.Fatal(err)
	}
	_, err = image.Build(&connector.Connector{Config: connector.ParseConfig("config.json", []byte(`{}`))}, image.Options{Base: from.Image, BaseName: from.Name, BaseDigest: from.Digest})
	if err == nil || !strings.Contains(err.Error(), "verif") {
		t.Errorf("error %v", err)
	}
}

func layerDigest(t testing.TB, img v1.Image) string {
	t.Helper()
	h, _, err := v1.SHA256(bytes.NewReader(blobs(t, img)[0]))
	if err != nil {
		t.Fatal(err)
	}
	return h.String()
}

// answering serves the requests for one host itself.
type answering struct {
	host string
	h    http.HandlerFunc
	http.RoundTripper
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != a.host {
		return a.RoundTripper.RoundTrip(r)
	}
	rec := httptest.NewRecorder()
	a.h(rec, r)
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

// Layers of a base in another repository go into the image byte for byte, also
// when a transfer of one breaks on its way.
func TestPushOntoABase(t *testing.T) {
	under, err := random.Image(200<<10, 2)
	if err != nil {
		t.Fatal(err)
	}
	if under, err = mutate.ConfigFile(under, linux(t, under)); err != nil {
		t.Fatal(err)
	}
	for name, faults := range map[string]int{"sound": 0, "read breaks": 2} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			seed(t, w, under, "base")
			target := ref
			target.Repository = "my-company/target"
			w.CreateRepository(target.Account, target.Region, target.Repository, true)
			inject(w, of("GET", "/demo/blobs/sha256:"), faults, func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Content-Length", "200000")
				rw.Write(noise(0, 1000))
				panic(http.ErrAbortHandler)
			})
			from, err := base(t.Context(), ref.Name()+":base", configOf(w), transportOf(t, w))
			if err != nil {
				t.Fatal(err)
			}
			img, err := image.Build(&connector.Connector{Config: connector.ParseConfig("config.json", []byte(`{}`))},
				image.Options{Base: from.Image, BaseName: from.Name, BaseDigest: from.Digest})
			if err != nil {
				t.Fatal(err)
			}
			got, err := openWith(t, awsConfig(w), target, transportOf(t, w)).Push(t.Context(), img, []string{tag}, SkipIdentical)
			if err != nil {
				t.Fatal(err)
			}
			raw, _, _ := w.Manifest(target.Host(), target.Repository, tag)
			if want, _ := img.RawManifest(); got.Digest != digest(t, img) || string(raw) != string(want) {
				t.Errorf("the tag holds %s", raw)
			}
			all := blobs(t, under)
			for _, b := range all[:len(all)-1] {
				h, _, _ := v1.SHA256(bytes.NewReader(b))
				if stored, _ := w.Blob(target.Host(), target.Repository, h.String()); !bytes.Equal(stored, b) {
					t.Errorf("layer %s has %d bytes there, want %d", h, len(stored), len(b))
				}
			}
		})
	}
}

// linux is the config of img as one for Glue's machines.
func linux(t testing.TB, img v1.Image) *v1.ConfigFile {
	t.Helper()
	c, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	c = c.DeepCopy()
	c.OS, c.Architecture = "linux", "amd64"
	return c
}
