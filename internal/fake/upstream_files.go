package fake

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// storedSize finds a blob where Distribution keeps it: a link of the repository,
// and the data that all repositories share. ECR's API answers from these files
// if it may: one call of it asks for a hundred blobs, and to ask a registry on the
// same processors for each takes more than ECR and its client do together.
func (u *upstream) storedSize(repository, digest string) (int64, bool) {
	if _, err := os.Stat(u.of(repository, "_layers/sha256", strings.TrimPrefix(digest, "sha256:"), "link")); err != nil {
		return 0, false
	}
	info, err := os.Stat(u.data(digest))
	if err != nil {
		return 0, false
	}
	return info.Size(), true
}

func (u *upstream) storedTags(repository string) []string {
	entries, err := os.ReadDir(u.of(repository, "_manifests/tags"))
	if err != nil {
		return nil
	}
	var tags []string
	for _, e := range entries {
		tags = append(tags, e.Name())
	}
	slices.Sort(tags)
	return tags
}

func (u *upstream) storedManifest(repository, reference string) (manifest, bool) {
	link := u.of(repository, "_manifests/tags", reference, "current/link")
	if isDigest(reference) {
		link = u.of(repository, "_manifests/revisions/sha256", strings.TrimPrefix(reference, "sha256:"), "link")
	}
	digest, err := os.ReadFile(link)
	if err != nil {
		return manifest{}, false
	}
	raw, err := os.ReadFile(u.data(string(digest)))
	if err != nil {
		return manifest{}, false
	}
	refs, _ := parseReferences(raw)
	return manifest{raw: raw, mediaType: refs.MediaType, pushed: time.Unix(0, 0)}, true
}

func (u *upstream) of(repository string, parts ...string) string {
	return filepath.Join(append([]string{u.storage, "docker/registry/v2/repositories", repository}, parts...)...)
}

func (u *upstream) data(digest string) string {
	hex := strings.TrimPrefix(digest, "sha256:")
	return filepath.Join(u.storage, "docker/registry/v2/blobs/sha256", hex[:min(2, len(hex))], hex, "data")
}
