package release

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Source is what the image says of where it comes from.
type Source struct {
	Version  Version
	URL      string // the repository's
	Revision string // the commit
	At       time.Time
}

// Image is the action's: for each platform of Linux what the Dockerfile makes,
// the program and the certificate authorities of the file roots, and the licences
// of what the program is made of. It has no user,
// because the runner's files belong to root.
func Image(out, roots string, s Source) (v1.ImageIndex, error) {
	authorities, err := os.ReadFile(roots)
	if err != nil {
		return nil, err
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, p := range Platforms {
		if p.OS != "linux" {
			continue
		}
		program, err := os.ReadFile(p.Binary(out))
		if err != nil {
			return nil, err
		}
		others, err := os.ReadFile(p.Licences(out))
		if err != nil {
			return nil, err
		}
		image, err := single(p, s, [][]file{{{"etc/ssl/certs/ca-certificates.crt", 0o644, authorities}}, {{"THIRD-PARTY-LICENSES.txt", 0o644, others}, {"glue-connector", 0o755, program}}})
		if err != nil {
			return nil, fmt.Errorf("making the image for %s: %w", p, err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: p.OS, Architecture: p.Arch}}})
	}
	return index, nil
}

func single(p Platform, s Source, contents [][]file) (v1.Image, error) {
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err := mutate.ConfigFile(image, &v1.ConfigFile{
		OS: p.OS, Architecture: p.Arch, Created: v1.Time{Time: s.At}, RootFS: v1.RootFS{Type: "layers"},
		Config: v1.Config{
			Entrypoint: []string{"/glue-connector"},
			Labels: map[string]string{
				"org.opencontainers.image.source":   s.URL,
				"org.opencontainers.image.revision": s.Revision,
				"org.opencontainers.image.version":  strings.TrimPrefix(string(s.Version), "v"),
				"org.opencontainers.image.licenses": "Apache-2.0",
			},
		},
	})
	if err != nil {
		return nil, err
	}
	for _, files := range contents {
		l, err := newLayer(files, s.At)
		if err != nil {
			return nil, err
		}
		image, err = mutate.Append(image, mutate.Addendum{Layer: l, MediaType: types.OCILayer, History: v1.History{CreatedBy: "COPY " + files[len(files)-1].name, Created: v1.Time{Time: s.At}}})
		if err != nil {
			return nil, err
		}
	}
	return image, nil
}

// layer is a compressed layer that knows its tar's digest.
type layer struct {
	v1.Layer
	diffID v1.Hash
}

func (l layer) DiffID() (v1.Hash, error) { return l.diffID, nil }

func newLayer(files []file, at time.Time) (v1.Layer, error) {
	plain, err := plainTar(files, at)
	if err != nil {
		return nil, err
	}
	packed, err := tarball(files, at)
	if err != nil {
		return nil, err
	}
	diffID, _, err := v1.SHA256(bytes.NewReader(plain))
	return layer{static.NewLayer(packed, types.OCILayer), diffID}, err
}

// Push puts the image into a repository under the version's tag, and returns its
// name by digest. Credentials are those of docker login.
func Push(ctx context.Context, repository string, v Version, index v1.ImageIndex) (string, error) {
	repo, err := name.NewRepository(strings.ToLower(repository)) // as GitHub's registry wants an owner's name
	if err != nil {
		return "", err
	}
	digest, err := index.Digest()
	if err != nil {
		return "", err
	}
	tag := repo.Tag(string(v))
	if err := remote.WriteIndex(tag, index, remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)); err != nil {
		return "", fmt.Errorf("pushing %s: %w", tag, err)
	}
	there, err := remote.Head(tag, remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain))
	if err != nil {
		return "", fmt.Errorf("reading %s back: %w", tag, err)
	}
	if there.Digest != digest {
		return "", fmt.Errorf("reading %s back: it is %s and not %s", tag, there.Digest, digest)
	}
	return repo.Digest(digest.String()).String(), nil
}
