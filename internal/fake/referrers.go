package fake

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
)

// Referrers returns the digests of the manifests whose subject is digest, sorted.
// With [WithUpstream] it knows of none.
func (w *World) Referrers(host, repository, digest string) (digests []string) {
	s, ok := w.store.(*memory)
	if !ok {
		return nil
	}
	for _, d := range s.referrers(host, repository, digest, "") {
		digests = append(digests, d.Digest)
	}
	return digests
}

func (s *memory) referrers(host, repository, digest, artifactType string) []descriptor {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []descriptor{}
	for d, m := range s.contents(host, repository).manifests {
		refs, err := parseReferences(m.raw)
		if err != nil || refs.Subject == nil || refs.Subject.Digest != digest {
			continue
		}
		kind := refs.ArtifactType
		if kind == "" && refs.Config != nil {
			kind = refs.Config.MediaType
		}
		if artifactType == "" || artifactType == kind {
			all = append(all, descriptor{MediaType: m.mediaType, Digest: d, Size: int64(len(m.raw)), ArtifactType: kind, Annotations: refs.Annotations})
		}
	}
	slices.SortFunc(all, func(a, b descriptor) int { return cmp.Compare(a.Digest, b.Digest) })
	return all
}

// serveReferrers lists what is about a manifest, which need not be there
// (distribution spec 1.1, listing referrers).
func (s *memory) serveReferrers(rw http.ResponseWriter, r *http.Request, p place) {
	if !isDigest(p.reference) {
		refuse(rw, http.StatusBadRequest, "DIGEST_INVALID", "the digest is none")
		return
	}
	artifactType := r.URL.Query().Get("artifactType")
	if artifactType != "" {
		rw.Header().Set("OCI-Filters-Applied", "artifactType")
	}
	const index = "application/vnd.oci.image.index.v1+json"
	rw.Header().Set("Content-Type", index)
	json.NewEncoder(rw).Encode(map[string]any{
		"schemaVersion": 2, "mediaType": index, "manifests": s.referrers(p.host, p.repository, p.reference, artifactType),
	})
}
