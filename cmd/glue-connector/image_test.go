package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/rogpeppe/go-internal/testscript"
)

// image IMAGE PLATFORM TYPE LAYER...: puts an image into the registry as another
// tool would, and its digest into $DIGEST. A layer is files divided by commas,
// which hold their own names; FILE>NAME holds what is in the file.
func makeImage(ts *testscript.TestScript, _ bool, args []string) {
	host, repository, tag := place(ts, args[0])
	os, arch, _ := strings.Cut(args[1], "/")
	mediaType := types.MediaType(args[2])
	img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: os, Architecture: arch})
	ts.Check(err)
	for _, files := range args[3:] {
		plain := layerOf(ts, strings.Split(files, ","))
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		_, err := z.Write(plain)
		ts.Check(err)
		ts.Check(z.Close())
		img, err = mutate.Append(img, mutate.Addendum{Layer: twoFaced{static.NewLayer(zipped.Bytes(), mediaType), plain}, MediaType: mediaType})
		ts.Check(err)
		world(ts).PutBlob(host, repository, zipped.Bytes())
	}
	if strings.HasPrefix(args[2], "application/vnd.oci.") {
		img = mutate.ConfigMediaType(mutate.MediaType(img, types.OCIManifestSchema1), types.OCIConfigJSON)
	}
	config, err := img.RawConfigFile()
	ts.Check(err)
	world(ts).PutBlob(host, repository, config)
	raw, err := img.RawManifest()
	ts.Check(err)
	mt, err := img.MediaType()
	ts.Check(err)
	ts.Setenv("DIGEST", world(ts).PutManifest(host, repository, tag, string(mt), raw))
}

// twoFaced is a layer whose tar is known.
type twoFaced struct {
	v1.Layer
	plain []byte
}

func (l twoFaced) DiffID() (v1.Hash, error) {
	h, _, err := v1.SHA256(bytes.NewReader(l.plain))
	return h, err
}

func (l twoFaced) Uncompressed() (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(l.plain)), nil
}

func layerOf(ts *testscript.TestScript, names []string) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range names {
		content := []byte(name)
		if from, as, ok := strings.Cut(name, ">"); ok {
			name, content = as, []byte(ts.ReadFile(from))
		}
		ts.Check(w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(content))}))
		_, err := w.Write(content)
		ts.Check(err)
	}
	ts.Check(w.Close())
	return b.Bytes()
}

// referrers IMAGE: prints how many artifacts are about an image, and of what type
// each is.
func referrers(ts *testscript.TestScript, _ bool, args []string) {
	host, repository, reference := place(ts, args[0])
	raw, _, ok := world(ts).Manifest(host, repository, reference)
	if !ok {
		ts.Fatalf("there is no %s", args[0])
	}
	h, _, err := v1.SHA256(bytes.NewReader(raw))
	ts.Check(err)
	all := world(ts).Referrers(host, repository, h.String())
	for _, d := range all {
		raw, _, _ := world(ts).Manifest(host, repository, d)
		var m v1.Manifest
		ts.Check(json.Unmarshal(raw, &m))
		fmt.Fprintln(ts.Stdout(), len(all), m.ArtifactType)
	}
}
