package fake

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// maxManifest is the limit of imageManifest in the API's model of PutImage.
const maxManifest = 4 << 20

// putManifest checks what ECR checks and a plain registry does not.
func (w *World) putManifest(rw http.ResponseWriter, r *http.Request, p place, repo *repository) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxManifest+1))
	if err != nil {
		panic(http.ErrAbortHandler) // the body was cut: nothing to answer
	}
	if len(raw) > maxManifest {
		refuse(rw, http.StatusRequestEntityTooLarge, "MANIFEST_INVALID", "manifest is larger than 4 MiB")
		return
	}
	if isDigest(p.reference) && p.reference != digestOf(raw) {
		refuse(rw, http.StatusBadRequest, "DIGEST_INVALID", "digest does not match manifest")
		return
	}
	// Held until the store has the tag, so that of two pushes to one immutable
	// tag exactly one wins.
	w.pushing.Lock()
	defer w.pushing.Unlock()
	if repo.immutable && !isDigest(p.reference) {
		// PutImage calls the same digest ImageAlreadyExists; docker sees a 201.
		if old, ok := w.store.manifest(p.host, p.repository, p.reference); ok && old.digest() != digestOf(raw) {
			refuse(rw, http.StatusBadRequest, "TAG_INVALID", fmt.Sprintf("The image tag '%s' already exists in the '%s' repository"+
				" and cannot be overwritten because the repository is immutable.", p.reference, p.repository))
			return
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	r.ContentLength = int64(len(raw))
	w.store.serve(rw, r, p)
}

var emptyDigest = digestOf(nil)

// serveUpload puts two oddities of ECR in front of an upload.
func (w *World) serveUpload(rw http.ResponseWriter, r *http.Request, p place) {
	q := r.URL.Query()
	// ECR mounts no blob of another repository unless the account asks for it, and
	// begins an upload instead, which the spec allows. It knows no single POST either.
	q.Del("mount")
	q.Del("from")
	if r.Method == http.MethodPost {
		q.Del("digest")
	}
	r.URL.RawQuery = q.Encode()
	if r.Method == http.MethodPut && q.Get("digest") == emptyDigest {
		// The message is CompleteLayerUpload's EmptyUploadException, from
		// https://github.com/devcontainers/cli/issues/814; status and code are a guess.
		refuse(rw, http.StatusBadRequest, "SIZE_INVALID", fmt.Sprintf("The upload with id '%s' in the repository with name '%s'"+
			" cannot be completed because it does not have any parts", p.reference, p.repository))
		return
	}
	w.store.serve(rw, r, p)
}
