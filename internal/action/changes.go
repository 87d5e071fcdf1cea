package action

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"glue-connector/internal/image"
	"glue-connector/internal/registry"
	"glue-connector/internal/report"
)

// compare tells what the image changes against the one that was published last.
// It is a service: what it cannot find out keeps no one from a release.
func (r *run) compare(ctx context.Context) {
	if r.stopped() != "" || r.image == nil {
		return
	}
	previous, err := r.repo.Previous(ctx, r.digest)
	if err == nil && previous == nil {
		return
	}
	if err == nil {
		r.report.Previous = &report.Image{Reference: r.connector.Image.Name() + ":" + previous.Tag, Digest: previous.Digest, Size: previous.Size}
		err = r.changes(ctx, previous)
	}
	switch {
	case err == nil:
	case r.over() != nil:
		r.fail("compare", err)
	default:
		r.skip("compare", "what changed is unknown: "+err.Error())
	}
}

func (r *run) changes(ctx context.Context, previous *registry.Published) error {
	m, err := r.repo.Manifest(ctx, previous.Digest)
	if err != nil {
		return err
	}
	if m == nil {
		return errors.New("the image before is gone")
	}
	var manifest struct {
		Config struct{ Digest string }
		Layers []struct{ Size int64 }
	}
	if err := json.Unmarshal(m.Raw, &manifest); err != nil || manifest.Config.Digest == "" {
		return errors.New("the image before has no manifest of an image")
	}
	r.report.Previous.Layers = len(manifest.Layers)
	before, err := r.contents(func() ([]byte, error) { return r.blob(ctx, manifest.Config.Digest) })
	if err != nil {
		return err
	}
	after, err := r.contents(r.image.RawConfigFile)
	if err != nil {
		return err
	}
	r.report.Changes = report.Compare(before, after)
	return nil
}

// maxConfig bounds an image's config, in bytes.
const maxConfig = 4 << 20

func (r *run) blob(ctx context.Context, digest string) ([]byte, error) {
	body, err := r.repo.Blob(ctx, digest)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(io.LimitReader(body, maxConfig))
}

// contents are the jars that an image's config names.
func (r *run) contents(config func() ([]byte, error)) ([]report.Jar, error) {
	raw, err := config()
	if err != nil {
		return nil, err
	}
	files, err := image.Contents(raw)
	if err != nil {
		return nil, err
	}
	var jars []report.Jar
	for _, f := range files {
		if f.Name != "config.json" {
			jars = append(jars, report.Jar{Name: f.Name, Size: f.Size, Layer: f.Layer})
		}
	}
	return jars, nil
}
