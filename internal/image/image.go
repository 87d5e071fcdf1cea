// Package image makes the container image of a connector: one Docker schema 2
// manifest, gzip layers with /jars/*.jar and /jars/config.json, for
// linux/amd64. Glue's unpacker can read nothing else.
//
// The image is a function of its input alone: the same jars, config and base
// give the same digest on every machine, whatever the file times, the umask
// and the order of folders. The package reads jars
// and writes nothing; bytes are made while they are asked for, so memory does
// not depend on the size of the set, and no temporary file exists. Of a base, up
// to 64 MiB are kept, so that most bases are fetched once.
//
// # Layers
//
// A layer is the unit in which a registry skips what it has, so layers are cut
// by what changes together: one layer for each jar while there are at most
// MaxJarLayers, and config.json alone at the end. Larger sets are spread over
// MaxJarLayers buckets by a hash of the jar's name without its version, so
// that a new version of a jar stays in its bucket and changes that one alone.
// Jars that are alike but for what looks like a version are told apart by more
// of their names, as otherwise a set that was numbered would be one bucket.
// The number of layers stays below the 127 that engines and registries take,
// with room for a base image, and well within what Glue's unpacker does at
// every job start: one request and one tar process a layer, one after another.
//
// Jars are deflated already. Their layers are gzip with stored blocks: 0.01 %
// larger than the tar, as fast as copying, and free of any compressor's version.
//
// A layer most of which, and more than 1 MiB, is data that its jars do not
// compress is an exception: it would be several times as large for every job
// that downloads it. Its digest depends on the compressor, that of
// github.com/klauspost/compress in go.mod and not Go's own, which changes with
// the toolchain. A test pins such a digest, so that no update changes it by
// chance. config.json is never compressed: it would save a kilobyte or two, and
// make every image depend on a compressor.
//
// # Labels
//
// The labels are OCI's annotations, of the config and the base alone. The
// commit and the repository's URL are not among them: the same jars at the next
// commit, in a fork or on a desk would be another image, and a re-run of a
// release a conflict with itself. They are in the SBOM (package sbom).
package image

import (
	"fmt"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"glue-connector/internal/connector"
)

// Options say what else goes into an image.
type Options struct {
	// Created is the image's time, in seconds; layers do not depend on it.
	Created time.Time
	// Base is the image to build on, nil for none.
	Base v1.Image
	// BaseName is the base as it was asked for, in full, and BaseDigest is what
	// that was found to be.
	BaseName, BaseDigest string
	// Hashed are the layers of the connector, nil if Build is to hash them.
	Hashed *Hashed
}

// user is the id of nobody: Marketplace asks for images that do not run as
// root, and nothing ever runs in this one.
const user = "65534"

// Build makes the image. All jars are read once, to be hashed; they are read
// again when a layer's bytes are asked for.
func Build(c *connector.Connector, o Options) (v1.Image, error) {
	var layers []mutate.Addendum
	if o.Base != nil {
		base, err := baseLayers(o.Base, o.Created)
		if err != nil {
			return nil, fmt.Errorf("building on %s@%s: %w", o.BaseName, o.BaseDigest, err)
		}
		layers = base
	}
	if o.Hashed == nil {
		o.Hashed = Hash(c, nil)
	}
	own, err := o.Hashed.wait()
	if err != nil {
		return nil, err
	}
	for _, l := range own {
		layers = append(layers, mutate.Addendum{
			Layer:     l,
			MediaType: types.DockerLayer,
			History:   l.history(v1.Time{Time: o.Created}),
		})
	}
	if len(layers) > maxLayers {
		return nil, fmt.Errorf("building on %s: %d layers in all, and engines take %d", o.BaseName, len(layers), maxLayers)
	}
	img, err := mutate.ConfigFile(empty.Image, config(c, o))
	if err != nil {
		return nil, fmt.Errorf("making the image's config: %w", err)
	}
	if img, err = mutate.Append(img, layers...); err != nil {
		return nil, fmt.Errorf("making the image: %w", err)
	}
	return freeze(img)
}

// maxLayers is what the overlay file systems of container engines can stack.
const maxLayers = 127

func config(c *connector.Connector, o Options) *v1.ConfigFile {
	labels := map[string]string{
		"org.opencontainers.image.created": o.Created.UTC().Format(time.RFC3339),
	}
	for label, value := range map[string]string{
		// The config has no name; its description is what Glue Studio shows as one.
		"org.opencontainers.image.title":       c.Config.Text(connector.KeyDescription),
		"org.opencontainers.image.version":     c.Config.Text(connector.KeyVersion),
		"org.opencontainers.image.vendor":      c.Config.Text(connector.KeyPublisherName),
		"org.opencontainers.image.description": c.Config.Text(connector.KeyDescription),
		"org.opencontainers.image.base.name":   o.BaseName,
		"org.opencontainers.image.base.digest": o.BaseDigest,
	} {
		if value = connector.OneLine(value); value != "" {
			labels[label] = value
		}
	}
	return &v1.ConfigFile{
		Architecture: "amd64",
		OS:           "linux",
		Created:      v1.Time{Time: o.Created.UTC()},
		Config:       v1.Config{User: user, Labels: labels},
		RootFS:       v1.RootFS{Type: "layers"},
	}
}
