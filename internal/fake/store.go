package fake

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// store keeps manifests and blobs, and serves the plain distribution API on
// them. The manners of ECR are in front of it.
type store interface {
	serve(rw http.ResponseWriter, r *http.Request, p place)
	manifest(host, repository, reference string) (manifest, bool)
	blob(host, repository, digest string) ([]byte, bool)
	size(host, repository, digest string) (int64, bool) // of a blob
	tags(host, repository string) []string              // sorted
	seedManifest(host, repository, reference string, m manifest)
	seedBlob(host, repository string, b []byte)
}

type manifest struct {
	raw       []byte
	mediaType string
	pushed    time.Time
}

func (m manifest) digest() string { return digestOf(m.raw) }

// size is what DescribeImages shows: the sum of the layers, see
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
func (m manifest) size() (n int64) {
	refs, _ := parseReferences(m.raw)
	for _, l := range refs.Layers {
		n += l.Size
	}
	return n
}

// references is what a manifest or an index points at.
type references struct {
	MediaType string       `json:"mediaType"`
	Config    *descriptor  `json:"config"`
	Layers    []descriptor `json:"layers"`
	Manifests []descriptor `json:"manifests"`

	Subject      *descriptor       `json:"subject"`
	ArtifactType string            `json:"artifactType"`
	Annotations  map[string]string `json:"annotations"`
}

type descriptor struct {
	MediaType    string            `json:"mediaType,omitempty"`
	Digest       string            `json:"digest"`
	Size         int64             `json:"size"`
	URLs         []string          `json:"urls,omitempty"`
	ArtifactType string            `json:"artifactType,omitempty"`
	Annotations  map[string]string `json:"annotations,omitempty"`
}

func parseReferences(raw []byte) (r references, err error) {
	err = json.Unmarshal(raw, &r)
	return r, err
}

// blobs are the digests that the registry itself must hold; a layer with URLs
// is foreign, and never pushed.
func (r references) blobs() (ds []string) {
	if r.Config != nil {
		ds = append(ds, r.Config.Digest)
	}
	for _, l := range r.Layers {
		if len(l.URLs) == 0 {
			ds = append(ds, l.Digest)
		}
	}
	return ds
}

func digestOf(b []byte) string {
	h := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(h[:])
}

// Manifest returns what the registry really stores under a tag or digest.
func (w *World) Manifest(host, repository, reference string) (raw []byte, mediaType string, ok bool) {
	m, ok := w.store.manifest(host, repository, reference)
	return m.raw, m.mediaType, ok
}

// Blob returns what the registry really stores under a digest.
func (w *World) Blob(host, repository, digest string) ([]byte, bool) {
	return w.store.blob(host, repository, digest)
}

// Tags returns the tags of a repository, sorted.
func (w *World) Tags(host, repository string) []string {
	return w.store.tags(host, repository)
}

// PutManifest stores raw as it is under its digest, and under tag unless that is
// empty, whatever it is and whatever it refers to. It creates the repository,
// with mutable tags, if there is none. An upstream checks what it is sent; if it
// refuses, PutManifest panics.
func (w *World) PutManifest(host, repository, tag, mediaType string, raw []byte) (digest string) {
	w.ensure(host, repository)
	m := manifest{raw: raw, mediaType: mediaType, pushed: time.Now()}
	if tag == "" {
		tag = m.digest()
	}
	w.store.seedManifest(host, repository, tag, m)
	return m.digest()
}

// PutBlob stores b, also an empty one, and creates the repository like
// [World.PutManifest].
func (w *World) PutBlob(host, repository string, b []byte) (digest string) {
	w.ensure(host, repository)
	w.store.seedBlob(host, repository, b)
	return digestOf(b)
}

func (w *World) ensure(host, repository string) {
	m := registryHost.FindStringSubmatch(host)
	if m == nil {
		panic(fmt.Sprintf("seeding %s/%s: not a host of ECR", host, repository))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.repositories[host+"/"+repository] == nil {
		w.repositories[host+"/"+repository] = newRepository(m[1], m[2], repository)
	}
}
