package registry

import (
	"io"
	"sync"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
)

// Progress is how far one blob of a push is.
type Progress struct {
	Layer string // digest of the blob: a layer, or the image's config
	Size  int64  // bytes
	// Sent counts the bytes that are on their way or there. It falls back to 0
	// when an upload begins anew.
	Sent int64
	// Skipped tells that the registry has the blob without an upload.
	Skipped bool
}

// meter tells an observer how far the blobs are, one call at a time.
type meter struct {
	mu      sync.Mutex
	observe func(Progress)
}

func (m *meter) tell(p Progress) {
	if m.observe == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.observe(p)
}

// blob is a layer, or the config, that tells how much of it was read.
type blob struct {
	v1.Layer
	digest string
	size   int64
	meter  *meter

	mu   sync.Mutex
	read bool // in this attempt
}

func sizes(blobs []*blob) map[string]int64 {
	all := map[string]int64{}
	for _, b := range blobs {
		all[b.digest] = b.size
	}
	return all
}

// blobsOf lists the blobs of an image, each once.
func blobsOf(img v1.Image) ([]*blob, error) {
	layers, err := img.Layers()
	if err != nil {
		return nil, err
	}
	config, err := partial.ConfigLayer(img)
	if err != nil {
		return nil, err
	}
	var all []*blob
	seen := map[v1.Hash]bool{}
	for _, l := range append(layers[:len(layers):len(layers)], config) {
		h, err := l.Digest()
		if err != nil {
			return nil, err
		}
		size, err := l.Size()
		if err != nil {
			return nil, err
		}
		if !seen[h] {
			seen[h] = true
			all = append(all, &blob{Layer: l, digest: h.String(), size: size})
		}
	}
	return all, nil
}

func (b *blob) tell(sent int64, skipped bool) {
	b.meter.tell(Progress{Layer: b.digest, Size: b.size, Sent: sent, Skipped: skipped})
}

func (b *blob) begin() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.read = false
}

func (b *blob) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.read {
		b.tell(b.size, false)
		return
	}
	b.tell(0, true)
}

// Compressed begins the upload.
func (b *blob) Compressed() (io.ReadCloser, error) {
	rc, err := b.Layer.Compressed()
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	b.read = true
	b.mu.Unlock()
	b.tell(0, false)
	return &metered{ReadCloser: rc, blob: b}, nil
}

// metered is the content of a blob on its way.
type metered struct {
	io.ReadCloser
	blob *blob
	sent int64
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.ReadCloser.Read(p)
	if m.sent += int64(n); n > 0 {
		m.blob.tell(m.sent, false)
	}
	return n, err
}
