package image

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// dockerLayer is a layer of a base under Docker's media type: OCI's gzip
// layers are the same bytes.
type dockerLayer struct{ v1.Layer }

func (dockerLayer) MediaType() (types.MediaType, error) { return types.DockerLayer, nil }

// baseLayers takes over a base's layers, and nothing of its config: no
// entrypoint, environment or user of a base has a use in a connector.
func baseLayers(base v1.Image, created time.Time) ([]mutate.Addendum, error) {
	if err := checkPlatform(base); err != nil {
		return nil, err
	}
	layers, err := base.Layers()
	if err != nil {
		return nil, err
	}
	var all []mutate.Addendum
	for i, l := range layers {
		if err := checkBaseLayer(l); err != nil {
			return nil, fmt.Errorf("layer %d: %w", i+1, err)
		}
		all = append(all, mutate.Addendum{
			Layer:     dockerLayer{l},
			MediaType: types.DockerLayer,
			History:   v1.History{Created: v1.Time{Time: created}, CreatedBy: "base image"},
		})
	}
	return all, nil
}

func checkPlatform(base v1.Image) error {
	c, err := base.ConfigFile()
	if err != nil {
		return err
	}
	if c.OS != "linux" || c.Architecture != "amd64" {
		return fmt.Errorf("the base is for %s/%s, and Glue needs linux/amd64", c.OS, c.Architecture)
	}
	return nil
}

// checkBaseLayer refuses what Glue cannot unpack, and anything in /jars: Glue
// knows no whiteouts, and would load a base's jars with the connector's.
func checkBaseLayer(l v1.Layer) error {
	mt, err := l.MediaType()
	if err != nil {
		return err
	}
	if mt != types.DockerLayer && mt != types.OCILayer {
		return fmt.Errorf("a layer of type %s, and Glue reads gzip layers only", mt)
	}
	r, err := l.Uncompressed()
	if err != nil {
		return err
	}
	defer r.Close()
	entries := tar.NewReader(r)
	for {
		h, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading its tar: %w", err)
		}
		name := strings.TrimPrefix(path.Clean("/"+h.Name), "/")
		if top, _, _ := strings.Cut(name, "/"); top == Folder || top == ".wh."+Folder {
			return fmt.Errorf("the base has %q of its own, and Glue would load it with the connector", name)
		}
	}
}
