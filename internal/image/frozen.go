package image

import (
	"bytes"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// frozen is an image whose documents are written once. Those of ggcr's mutate
// write the config anew each time that a layer is asked for.
type frozen struct {
	rawConfig, rawManifest []byte
	name, digest           v1.Hash
	layers                 []v1.Layer
	byDigest, byDiffID     map[v1.Hash]v1.Layer
}

func freeze(img v1.Image) (v1.Image, error) {
	f := &frozen{byDigest: map[v1.Hash]v1.Layer{}, byDiffID: map[v1.Hash]v1.Layer{}}
	var err error
	if f.rawConfig, err = img.RawConfigFile(); err != nil {
		return nil, err
	}
	if f.rawManifest, err = img.RawManifest(); err != nil {
		return nil, err
	}
	if f.layers, err = img.Layers(); err != nil {
		return nil, err
	}
	for _, l := range f.layers {
		digest, err := l.Digest()
		if err != nil {
			return nil, err
		}
		diffID, err := l.DiffID()
		if err != nil {
			return nil, err
		}
		f.byDigest[digest], f.byDiffID[diffID] = l, l
	}
	if f.name, _, err = v1.SHA256(bytes.NewReader(f.rawConfig)); err != nil {
		return nil, err
	}
	f.digest, _, err = v1.SHA256(bytes.NewReader(f.rawManifest))
	return f, err
}

func (f *frozen) Layers() ([]v1.Layer, error)       { return f.layers, nil }
func (*frozen) MediaType() (types.MediaType, error) { return types.DockerManifestSchema2, nil }
func (f *frozen) Size() (int64, error)              { return int64(len(f.rawManifest)), nil }
func (f *frozen) ConfigName() (v1.Hash, error)      { return f.name, nil }
func (f *frozen) RawConfigFile() ([]byte, error)    { return f.rawConfig, nil }
func (f *frozen) Digest() (v1.Hash, error)          { return f.digest, nil }
func (f *frozen) RawManifest() ([]byte, error)      { return f.rawManifest, nil }
func (f *frozen) Manifest() (*v1.Manifest, error) {
	return v1.ParseManifest(bytes.NewReader(f.rawManifest))
}
func (f *frozen) ConfigFile() (*v1.ConfigFile, error) {
	return v1.ParseConfigFile(bytes.NewReader(f.rawConfig))
}

func (f *frozen) LayerByDigest(h v1.Hash) (v1.Layer, error) { return find(f.byDigest, h) }
func (f *frozen) LayerByDiffID(h v1.Hash) (v1.Layer, error) { return find(f.byDiffID, h) }

func find(layers map[v1.Hash]v1.Layer, h v1.Hash) (v1.Layer, error) {
	if l, ok := layers[h]; ok {
		return l, nil
	}
	return nil, fmt.Errorf("the image has no layer %s", h)
}
