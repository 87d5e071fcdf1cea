package registry

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"glue-connector/internal/fake"
)

// blobs are the bytes of an image's layers, and of its config at the end.
func blobs(t testing.TB, img v1.Image) (all [][]byte) {
	t.Helper()
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		rc, err := l.Compressed()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		rc.Close()
		all = append(all, b)
	}
	raw, err := img.RawConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	return append(all, raw)
}

func TestPushStoresByteForByte(t *testing.T) {
	for _, opts := range [][]fake.Option{nil, {fake.WithBlobRedirects()}} {
		w := newWorld(t, opts...)
		r, img := open(t, w), twoJars(t)
		size, err := Size(img)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Push(t.Context(), img, []string{tag, "latest-test"}, SkipIdentical)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := img.RawManifest()
		want := Pushed{Digest: digest(t, img), Uploaded: w.UploadedBytes(), Size: size, Available: map[string]int64{},
			Stored: &Manifest{Raw: raw, MediaType: string(types.DockerManifestSchema2), Digest: digest(t, img)}}
		for _, b := range blobs(t, img) {
			want.Available[digestOf(b)] = int64(len(b))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pushed (-want +got):\n%s", diff)
		}
		for _, reference := range []string{tag, "latest-test", got.Digest} {
			stored, mediaType, _ := w.Manifest(ref.Host(), ref.Repository, reference)
			if !bytes.Equal(stored, raw) || mediaType != string(types.DockerManifestSchema2) {
				t.Errorf("%s is %s %s, want %s", reference, mediaType, stored, raw)
			}
			m, err := r.Manifest(t.Context(), reference)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&Manifest{Raw: raw, MediaType: mediaType, Digest: got.Digest}, m); diff != "" {
				t.Errorf("manifest (-want +got):\n%s", diff)
			}
		}
		sizes := map[string]int64{}
		for _, b := range blobs(t, img) {
			h, n, _ := v1.SHA256(bytes.NewReader(b))
			sizes[h.String()] = n
			if stored, _ := w.Blob(ref.Host(), ref.Repository, h.String()); !bytes.Equal(stored, b) {
				t.Errorf("blob %s differs", h)
			}
			rc, err := r.Blob(t.Context(), h.String())
			if err != nil {
				t.Fatal(err)
			}
			if read, err := io.ReadAll(rc); err != nil || !bytes.Equal(read, b) {
				t.Errorf("read blob %s: %d bytes, %v", h, len(read), err)
			}
			rc.Close()
		}
		none := "sha256:" + strings.Repeat("0", 64)
		sizes[none] = 7
		if err := Lacking(sizes, got.Available); err == nil || !strings.Contains(err.Error(), none) {
			t.Errorf("lacking: %v", err)
		}
		delete(sizes, none)
		if err := Lacking(sizes, got.Available); err != nil {
			t.Errorf("lacking: %v", err)
		}
		for digest := range sizes {
			sizes[digest]++
		}
		if err := Lacking(sizes, got.Available); err == nil {
			t.Error("wrong sizes are taken for right ones")
		}
	}
}

func TestPushUploadsOnlyWhatChanged(t *testing.T) {
	w := newWorld(t)
	first := twoJars(t)
	if _, err := open(t, w).Push(t.Context(), first, []string{tag}, SkipIdentical); err != nil {
		t.Fatal(err)
	}
	before := w.UploadedBytes()
	got, err := open(t, w).Push(t.Context(), first, []string{tag}, SkipIdentical)
	if err != nil || !got.Existed || got.Uploaded != 0 || w.UploadedBytes() != before {
		t.Errorf("identical: %+v, %v, %d bytes sent", got, err, w.UploadedBytes()-before)
	}
	if got, err = open(t, w).Push(t.Context(), first, []string{tag, "1.0"}, SkipIdentical); err != nil || got.Existed || w.UploadedBytes() != before {
		t.Errorf("one more tag: %+v, %v, %d bytes sent", got, err, w.UploadedBytes()-before)
	}

	second := build(t, map[string][]byte{"a.jar": noise(1, 3000), "b.jar": noise(3, 5000)})
	all := blobs(t, second)
	changed := int64(len(all[1]) + len(all[3])) // b.jar's layer and the image's config
	got, err = open(t, w).Push(t.Context(), second, []string{"1.0.1"}, SkipIdentical)
	if err != nil || got.Uploaded != changed || w.UploadedBytes()-before != changed {
		t.Errorf("b.jar changed: %+v, %v, %d bytes sent, want %d", got, err, w.UploadedBytes()-before, changed)
	}
	if diff := cmp.Diff([]string{"1.0", "1.0.0", "1.0.1"}, w.Tags(ref.Host(), ref.Repository)); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

func TestPushOntoATag(t *testing.T) {
	mine := twoJars(t)
	other := build(t, map[string][]byte{"a.jar": noise(9, 100)})
	isMine, isOther := digest(t, mine), digest(t, other)
	for _, tc := range []struct {
		name      string
		there     v1.Image
		immutable bool
		policy    Existing
		want      string // under the tag
		failure   *failure
	}{
		{"other, skip", other, false, SkipIdentical, isOther, &failure{"conflict", isOther + ", and this image is " + isMine, "new version or image-tag"}},
		{"other, fail", other, false, Fail, isOther, &failure{"conflict", "is taken", "new version or image-tag"}},
		{"other, overwrite", other, false, Overwrite, isMine, nil},
		{"same, skip", mine, false, SkipIdentical, isMine, nil},
		{"same, immutable", mine, true, SkipIdentical, isMine, nil},
		{"same, fail", mine, false, Fail, isMine, &failure{"conflict", "exists already", "skip-identical"}},
		{"same, overwrite", mine, false, Overwrite, isMine, nil},
		{"other, immutable, overwrite", other, true, Overwrite, isOther, &failure{"conflict", "TAG_INVALID", "release under a new tag"}},
		{"none, immutable", nil, true, SkipIdentical, isMine, nil},
		{"none, fail", nil, false, Fail, isMine, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			w.CreateRepository(ref.Account, ref.Region, ref.Repository, tc.immutable)
			if tc.there != nil {
				for _, b := range blobs(t, tc.there) {
					w.PutBlob(ref.Host(), ref.Repository, b)
				}
				raw, _ := tc.there.RawManifest()
				w.PutManifest(ref.Host(), ref.Repository, tag, string(types.DockerManifestSchema2), raw)
			}
			_, err := open(t, w).Push(t.Context(), mine, []string{"another", tag}, tc.policy)
			if tc.failure != nil {
				tc.failure.check(t, err)
			} else if err != nil {
				t.Fatal(err)
			}
			if tc.failure != nil && !tc.immutable && w.UploadedBytes() != 0 {
				t.Errorf("%d bytes sent before the conflict was seen", w.UploadedBytes())
			}
			if got := tagged(w, tag); got != tc.want {
				t.Errorf("%s holds %s, want %s", tag, got, tc.want)
			}
		})
	}
}

// Another run takes the tag while this one uploads.
func TestTagAppearsDuringThePush(t *testing.T) {
	w, mine := newWorld(t), twoJars(t)
	w.Intercept(func(r *http.Request) http.Handler {
		if matching("PUT blob")(r) {
			w.PutManifest(ref.Host(), ref.Repository, tag, string(types.DockerManifestSchema2), []byte(`{"schemaVersion":2}`))
		}
		return nil
	})
	_, err := open(t, w).Push(t.Context(), mine, []string{tag}, SkipIdentical)
	failure{"conflict", "is taken", "new version"}.check(t, err)
	if got := tagged(w, tag); got == digest(t, mine) {
		t.Error("the other run's tag was overwritten")
	}
}

// Of two runs that push other images under one tag that cannot be overwritten,
// one wins, and the other one is told.
func TestTwoPushesAtATime(t *testing.T) {
	for range 10 {
		w := newWorld(t)
		w.CreateRepository(ref.Account, ref.Region, ref.Repository, true)
		images := []v1.Image{twoJars(t), build(t, map[string][]byte{"a.jar": noise(9, 100)})}
		errs := make([]error, len(images))
		var group sync.WaitGroup
		for i, img := range images {
			r := open(t, w)
			group.Go(func() { _, errs[i] = r.Push(t.Context(), img, []string{tag}, SkipIdentical) })
		}
		group.Wait()
		winner := 0
		if errs[0] != nil {
			winner = 1
		}
		if errs[winner] != nil || tagged(w, tag) != digest(t, images[winner]) {
			t.Errorf("%s is tagged after %v", tagged(w, tag), errs)
		}
		failure{Kind: "conflict"}.check(t, errs[1-winner])
	}
}

func TestPlan(t *testing.T) {
	w, img := newWorld(t), twoJars(t)
	plan := func(create bool) ([]string, error) {
		return open(t, w).Plan(t.Context(), digest(t, img), []string{tag}, SkipIdentical, create)
	}
	if missing, err := plan(false); err != nil || !cmp.Equal(missing, []string{tag}) {
		t.Errorf("before: %v, %v", missing, err)
	}
	if _, err := open(t, w).Push(t.Context(), img, []string{tag}, SkipIdentical); err != nil {
		t.Fatal(err)
	}
	if missing, err := plan(false); err != nil || len(missing) != 0 {
		t.Errorf("after: %v, %v", missing, err)
	}
}
