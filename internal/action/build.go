package action

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"glue-connector/internal/image"
	"glue-connector/internal/registry"
	"glue-connector/internal/report"
	"glue-connector/internal/workspace"
)

// build makes the image; its layers are read again when they are needed.
func (r *run) build(ctx context.Context) {
	if why := r.stopped(); why != "" {
		r.skip("image", why)
		return
	}
	o := image.Options{Created: r.created(), Hashed: r.hashed}
	var under *report.Base
	if r.in.BaseImage != "" {
		base, err := registry.Base(ctx, r.in.BaseImage, r.config)
		if err != nil {
			r.failConfig("image", err)
			return
		}
		o.Base, o.BaseName, o.BaseDigest = base.Image, base.Name, base.Digest
		under = &report.Base{Name: base.Name, Pinned: base.Pinned(), Size: base.Size, Layers: base.Layers}
	}
	img, err := image.Build(r.connector, o)
	if err != nil {
		r.fail("image", err)
		return
	}
	digest, err := img.Digest()
	if err != nil {
		r.fail("image", err)
		return
	}
	size, err := registry.Size(img)
	if err != nil {
		r.fail("image", err)
		return
	}
	layers, _ := img.Layers() // Size has read them
	r.image, r.digest = img, digest.String()
	r.report.Image = &report.Image{Digest: r.digest, Size: size, Layers: len(layers), Base: under}
	if ref := r.connector.Image; ref.Account != "" && ref.Region != "" && ref.Repository != "" {
		r.report.Image.Reference = ref.String()
		r.report.Image.ByDigest = ref.Name() + "@" + r.digest
	}
	if under != nil {
		r.done("base", "%s", under.Line())
	}
	r.done("image", "%s, %s, %s", r.digest, report.Plural(len(layers), "layer"), report.Bytes(size))
}

// created is the image's time: the publisher's word, else the release's.
func (r *run) created() time.Time {
	if !r.in.Epoch.IsZero() {
		return r.in.Epoch
	}
	t, _ := r.connector.Config.Released() // a rule has seen to it
	return t
}

// save writes the image to a file or folder, if asked to.
func (r *run) save() {
	if r.in.Output == "" {
		return
	}
	if why := r.stopped(); why != "" {
		r.skip("output", why)
		return
	}
	full, err := r.ws.Target(r.in.Output)
	if err == nil {
		if strings.HasSuffix(full, ".tar") {
			err = r.saveTarball(full)
		} else {
			err = r.saveLayout(full)
		}
	}
	if err != nil {
		r.fail("output", fmt.Errorf("writing %s: %w", r.in.Output, err))
		return
	}
	r.ws.HandOver(full)
	r.report.Output = r.ws.Display(full)
	r.done("output", "%s", r.report.Output)
}

// saveTarball writes what docker load takes, in one step.
func (r *run) saveTarball(full string) error {
	ref := r.connector.Image
	repository := ref.Repository
	if ref.Account != "" && ref.Region != "" && repository != "" {
		repository = ref.Name()
	}
	if repository == "" {
		repository = "glue-connector"
	}
	tag, err := name.NewTag(repository + ":" + ref.Tag)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(full), ".glue-connector-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	err = tarball.Write(tag, r.image, temp)
	if closing := temp.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(temp.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(temp.Name(), full)
}

// saveLayout writes an OCI layout with this image alone. An earlier layout is
// replaced once the new one is whole; any other folder that holds something,
// and a link, is left as it is.
func (r *run) saveLayout(full string) error {
	if err := replaceable(full); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(full), ".glue-connector-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	path, err := layout.Write(temp, empty.Index)
	if err != nil {
		return err
	}
	if err := path.AppendImage(r.image); err != nil {
		return err
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := os.RemoveAll(full); err != nil {
		return err
	}
	return os.Rename(temp, full)
}

// replaceable tells whether a layout may be written at a path: nothing is
// there, an empty folder, or another layout.
func replaceable(full string) error {
	info, err := os.Lstat(full)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return workspace.ErrSymlink
	}
	entries, err := os.ReadDir(full)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(filepath.Join(full, "oci-layout")); err != nil && len(entries) > 0 {
		return errors.New("the folder is not empty and holds no OCI layout")
	}
	return nil
}
