package image

import (
	"fmt"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// The limits of a base.
const (
	maxBaseLayers = 64
	maxBaseSize   = 2 << 30 // bytes of its layers, as a job downloads them
	maxBaseConfig = 1 << 20 // bytes
)

// BaseError says what keeps a base from being built on.
type BaseError struct{ problem, advice string }

func (e *BaseError) Error() string { return e.problem }

// Hint says what to do about it.
func (e *BaseError) Hint() string { return e.advice }

// FailureKind is the kind, for a report that knows no images.
func (e *BaseError) FailureKind() string { return "base" }

func unfit(advice, problem string, args ...any) error {
	return &BaseError{problem: fmt.Sprintf(problem, args...), advice: advice}
}

const rebuild = "Build the base again as a plain image for linux/amd64 with gzip layers, or do without: Glue needs none (base-image: scratch)."

// baseLayers takes over a base's layers, and nothing of its config: no
// entrypoint, environment or user of a base has a use in a connector.
//
// Each layer is read whole, as a file in /jars may stand at its end. What fits
// into maxKept stays in memory for the push; the rest is read again then.
func baseLayers(base v1.Image, created time.Time) ([]mutate.Addendum, error) {
	if err := checkBase(base); err != nil {
		return nil, err
	}
	layers, err := base.Layers()
	if err != nil {
		return nil, err
	}
	look, room := newLook(), int64(maxKept)
	var all []mutate.Addendum
	for i, l := range layers {
		kept := &baseLayer{Layer: l}
		if err := look.layer(kept, &room); err != nil {
			return nil, fmt.Errorf("layer %d: %w", i+1, err)
		}
		all = append(all, mutate.Addendum{
			Layer:     kept,
			MediaType: types.DockerLayer,
			History:   v1.History{Created: v1.Time{Time: created}, CreatedBy: "base image"},
		})
	}
	return all, nil
}

// checkBase looks at what a base says of itself, before a layer is fetched.
func checkBase(base v1.Image) error {
	m, err := base.Manifest()
	if err != nil {
		return err
	}
	if len(m.Layers) > maxBaseLayers {
		return unfit("Squash the base into fewer layers.", "it has %d layers, and at most %d are taken", len(m.Layers), maxBaseLayers)
	}
	var size int64
	for i, l := range m.Layers {
		switch {
		case !l.MediaType.IsDistributable(), len(l.URLs) > 0:
			return unfit("Choose a base whose layers all lie in its registry; those of Windows do not.",
				"layer %d is a foreign one, of type %s: it is not in the registry, and Glue looks nowhere else", i+1, l.MediaType)
		case l.MediaType == types.OCILayerZStd:
			return unfit(rebuild, "layer %d is packed with zstd, and Glue reads gzip layers only", i+1)
		case l.MediaType != types.DockerLayer && l.MediaType != types.OCILayer:
			return unfit(rebuild, "layer %d is of type %s, and Glue reads gzip layers only", i+1, l.MediaType)
		case l.Size < 0:
			return unfit(rebuild, "layer %d has %d bytes", i+1, l.Size)
		}
		if size += l.Size; size > maxBaseSize {
			return unfit("Choose a smaller base, or none: each job downloads it at its start.", "its layers have more than %d bytes", int64(maxBaseSize))
		}
	}
	if m.Config.Size > maxBaseConfig {
		return unfit(rebuild, "its config has %d bytes, and at most %d are read", m.Config.Size, maxBaseConfig)
	}
	c, err := base.ConfigFile()
	if err != nil {
		return err
	}
	if c.OS != "linux" || c.Architecture != "amd64" {
		return unfit("Choose a base for linux/amd64: Glue's machines are.", "it is for %s/%s, and Glue needs linux/amd64", c.OS, c.Architecture)
	}
	if len(c.RootFS.DiffIDs) != len(m.Layers) {
		return unfit(rebuild, "its config tells of %d layers and its manifest of %d", len(c.RootFS.DiffIDs), len(m.Layers))
	}
	return nil
}
