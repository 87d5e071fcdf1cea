package fake

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// memory is a store without any check on who may do what. It is not ggcr's
// registry, which shares blobs between repositories (ECR does not), checks no
// layer of a manifest, and holds one lock while it reads a body, so that one
// stalled upload would stall all.
type memory struct {
	mu           sync.Mutex
	repositories map[string]*contents // by host + "/" + name
}

type contents struct {
	manifests map[string]manifest // by digest
	tags      map[string]string   // to a digest
	blobs     map[string][]byte   // by digest
	uploads   map[string][]byte   // by id
}

func newMemory() *memory { return &memory{repositories: map[string]*contents{}} }

// contents makes the contents of a repository at the first use. The caller
// holds the lock.
func (s *memory) contents(host, repository string) *contents {
	key := host + "/" + repository
	if s.repositories[key] == nil {
		s.repositories[key] = &contents{map[string]manifest{}, map[string]string{}, map[string][]byte{}, map[string][]byte{}}
	}
	return s.repositories[key]
}

func (s *memory) manifest(host, repository, reference string) (manifest, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contents(host, repository)
	if d, ok := c.tags[reference]; ok {
		reference = d
	}
	m, ok := c.manifests[reference]
	return m, ok
}

func (s *memory) blob(host, repository, digest string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.contents(host, repository).blobs[digest]
	return b, ok
}

func (s *memory) size(host, repository, digest string) (int64, bool) {
	b, ok := s.blob(host, repository, digest)
	return int64(len(b)), ok
}

func (s *memory) tags(host, repository string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.contents(host, repository).tags))
}

func (s *memory) seedManifest(host, repository, reference string, m manifest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contents(host, repository)
	d := m.digest()
	if old, ok := c.manifests[d]; ok {
		m.pushed = old.pushed
	}
	c.manifests[d] = m
	if !isDigest(reference) {
		c.tags[reference] = d
	}
}

func (s *memory) seedBlob(host, repository string, b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.contents(host, repository).blobs[digestOf(b)] = b
}

func (s *memory) serve(rw http.ResponseWriter, r *http.Request, p place) {
	switch p.kind {
	case kindUploads:
		s.serveUpload(rw, r, p)
	case kindReferrers:
		s.serveReferrers(rw, r, p)
	case kindTags:
		rw.Header().Set("Content-Type", "application/json")
		json.NewEncoder(rw).Encode(map[string]any{"name": p.repository, "tags": s.tags(p.host, p.repository)})
	case kindBlobs:
		b, ok := s.blob(p.host, p.repository, p.reference)
		if !ok {
			refuse(rw, http.StatusNotFound, "BLOB_UNKNOWN", "blob unknown to registry")
			return
		}
		rw.Header().Set("Docker-Content-Digest", p.reference)
		serveBlob(rw, r, b)
	default:
		if r.Method == http.MethodPut {
			s.storeManifest(rw, r, p)
			return
		}
		m, ok := s.manifest(p.host, p.repository, p.reference)
		if !ok {
			refuse(rw, http.StatusNotFound, "MANIFEST_UNKNOWN", "Requested image not found")
			return
		}
		// As stored, whatever Accept says: no conversion is modelled.
		rw.Header().Set("Content-Type", m.mediaType)
		rw.Header().Set("Docker-Content-Digest", m.digest())
		rw.Header().Set("Content-Length", strconv.Itoa(len(m.raw)))
		rw.Write(m.raw)
	}
}

// serveBlob also serves HEAD and ranges.
func serveBlob(rw http.ResponseWriter, r *http.Request, b []byte) {
	rw.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(b))
}

func (s *memory) storeManifest(rw http.ResponseWriter, r *http.Request, p place) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the body was cut
	}
	refs, err := parseReferences(raw)
	if err != nil {
		// ECR answers 405 to a manifest that PutImage refuses.
		refuse(rw, http.StatusMethodNotAllowed, "UNSUPPORTED",
			"Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'")
		return
	}
	mediaType := r.Header.Get("Content-Type")
	if mediaType == "" {
		mediaType = refs.MediaType
	}
	if what, missing := s.missing(p, refs); len(missing) > 0 {
		// Text and code as in https://github.com/oras-project/oras-py/issues/54; the
		// status is that of LayersNotFoundException's kin.
		refuse(rw, http.StatusNotFound, "BLOB_UPLOAD_UNKNOWN", fmt.Sprintf("%s with digests '[%s]' required for pushing image"+
			" into repository with name '%s' in the registry with id '%s' do not exist",
			what, strings.Join(missing, ", "), p.repository, p.host[:12]))
		return
	}
	m := manifest{raw: raw, mediaType: mediaType, pushed: time.Now()}
	s.seedManifest(p.host, p.repository, p.reference, m)
	if refs.Subject != nil {
		rw.Header().Set("OCI-Subject", refs.Subject.Digest)
	}
	rw.Header().Set("Docker-Content-Digest", m.digest())
	rw.Header().Set("Location", "/v2/"+p.repository+"/manifests/"+p.reference)
	rw.WriteHeader(http.StatusCreated)
}

func (s *memory) missing(p place, refs references) (what string, digests []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contents(p.host, p.repository)
	for _, m := range refs.Manifests {
		if _, ok := c.manifests[m.Digest]; !ok {
			digests = append(digests, m.Digest)
		}
	}
	if len(digests) > 0 {
		return "Images", digests
	}
	for _, d := range refs.blobs() {
		if _, ok := c.blobs[d]; !ok {
			digests = append(digests, d)
		}
	}
	return "Layers", digests
}

func (s *memory) serveUpload(rw http.ResponseWriter, r *http.Request, p place) {
	if r.Method == http.MethodPost {
		p.reference = rand.Text()
		s.mu.Lock()
		s.contents(p.host, p.repository).uploads[p.reference] = nil
		s.mu.Unlock()
		accepted(rw, p, 0)
		return
	}
	if r.Method != http.MethodPatch && r.Method != http.MethodPut {
		refuse(rw, http.StatusMethodNotAllowed, "UNSUPPORTED", "The operation is unsupported")
		return
	}
	body, err := io.ReadAll(r.Body) // without the lock: it may stall
	if err != nil {
		panic(http.ErrAbortHandler) // the body was cut
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contents(p.host, p.repository)
	sofar, ok := c.uploads[p.reference]
	if !ok {
		refuse(rw, http.StatusNotFound, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
		return
	}
	if cr := r.Header.Get("Content-Range"); cr != "" && !strings.HasPrefix(cr, strconv.Itoa(len(sofar))+"-") {
		rw.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
		return
	}
	all := append(sofar, body...)
	c.uploads[p.reference] = all
	if r.Method == http.MethodPatch {
		accepted(rw, p, len(all))
		return
	}
	d := r.URL.Query().Get("digest")
	if d != digestOf(all) {
		refuse(rw, http.StatusBadRequest, "DIGEST_INVALID", "provided digest did not match uploaded content")
		return
	}
	delete(c.uploads, p.reference)
	c.blobs[d] = all
	rw.Header().Set("Docker-Content-Digest", d)
	rw.Header().Set("Location", "/v2/"+p.repository+"/blobs/"+d)
	rw.WriteHeader(http.StatusCreated)
}

// accepted says where an upload goes on, and up to which byte it came.
func accepted(rw http.ResponseWriter, p place, n int) {
	rw.Header().Set("Location", "/v2/"+p.repository+"/blobs/uploads/"+p.reference)
	rw.Header().Set("Docker-Upload-Uuid", p.reference)
	rw.Header().Set("Range", fmt.Sprintf("0-%d", max(n-1, 0)))
	rw.WriteHeader(http.StatusAccepted)
}
