package action

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"glue-connector/internal/image"
	"glue-connector/internal/registry"
	"glue-connector/internal/report"
)

// patience is how long a comparison may take once everything else is done.
const patience = 10 * time.Second

// compare begins to find out what the image changes against the one that was
// published last, while it is pushed, and returns what waits for the answer and
// reports it. It is a service: what it cannot find out keeps no one from a release.
func (r *run) compare(ctx context.Context) (tell func()) {
	if r.stopped() != "" || r.image == nil {
		return func() {}
	}
	var previous *report.Image
	var changes *report.Changes
	var err error
	done := make(chan struct{})
	ctx, stop := context.WithCancel(ctx)
	go func() {
		defer close(done)
		previous, changes, err = r.changes(ctx)
	}()
	tell = func() {
		if r.report.Result == report.AlreadyPublished {
			// Nothing is new, and what was pushed last may be a newer release.
			stop()
			<-done
			return
		}
		late := time.AfterFunc(patience, stop)
		<-done
		late.Stop()
		stop()
		r.report.Previous, r.report.Changes = previous, changes
		switch {
		case err == nil:
		case r.over() != nil:
			r.fail("compare", err)
		default:
			r.skip("compare", "what changed is unknown: "+err.Error())
		}
	}
	if r.in.OnExistingTag == registry.Overwrite {
		<-done // the push would take away the tag by which it is found
	}
	return tell
}

// changes returns the image before, nil if there is none.
func (r *run) changes(ctx context.Context) (*report.Image, *report.Changes, error) {
	last, err := r.repo.Previous(ctx, r.digest)
	if err != nil || last == nil {
		return nil, nil, err
	}
	previous := &report.Image{Reference: r.connector.Image.Name() + ":" + last.Tag, Digest: last.Digest, Size: last.Size}
	m, err := r.repo.Manifest(ctx, last.Digest)
	if err != nil {
		return previous, nil, err
	}
	if m == nil {
		return previous, nil, errors.New("the image before is gone")
	}
	var manifest struct {
		Config struct{ Digest string }
		Layers []struct{ Size int64 }
	}
	if err := json.Unmarshal(m.Raw, &manifest); err != nil || manifest.Config.Digest == "" {
		return previous, nil, errors.New("the image before has no manifest of an image")
	}
	previous.Layers = len(manifest.Layers)
	before, err := r.contents(func() ([]byte, error) { return r.blob(ctx, manifest.Config.Digest) })
	if err != nil {
		return previous, nil, err
	}
	after, err := r.contents(r.image.RawConfigFile)
	if err != nil {
		return previous, nil, err
	}
	return previous, report.Compare(before, after), nil
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
