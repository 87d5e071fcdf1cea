package image

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"time"
)

// file is one regular file of a layer.
type file struct {
	name    string
	size    int64
	content io.ReaderAt
	stamp   func() string // nil if it has none
}

// entryTime is the time of every entry: the first that a zip can have. It does
// not follow the release's time, or a release would upload every jar anew.
var entryTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

const tarBlock = 512

// end closes a tar: two blocks of zeros.
var end = make([]byte, 2*tarBlock)

// tar reads the layer as a tar: the folder, then the files, world-readable and
// owned by root. Glue unpacks as a user of its own, over the layers before, so
// the folder must stay writable for its owner.
func (l *layer) tar() io.Reader {
	folder, _ := header(&tar.Header{Typeflag: tar.TypeDir, Name: Folder + "/", Mode: 0o755})
	parts := []io.Reader{bytes.NewReader(folder)}
	for _, f := range l.files {
		h, _ := f.header()
		parts = append(parts, bytes.NewReader(h), io.NewSectionReader(f.content, 0, f.size),
			bytes.NewReader(end[:padding(f.size)]))
	}
	return io.MultiReader(append(parts, bytes.NewReader(end))...)
}

func tarLength(files []file) (int64, error) {
	n := int64(tarBlock + len(end))
	for _, f := range files {
		h, err := f.header()
		if err != nil {
			return 0, err
		}
		n += int64(len(h)) + f.size + padding(f.size)
	}
	return n, nil
}

func padding(size int64) int64 { return -size & (tarBlock - 1) }

func (f file) header() ([]byte, error) {
	return header(&tar.Header{Typeflag: tar.TypeReg, Name: f.name, Size: f.size, Mode: 0o644})
}

func header(h *tar.Header) ([]byte, error) {
	h.ModTime = entryTime
	var b bytes.Buffer
	if err := tar.NewWriter(&b).WriteHeader(h); err != nil {
		return nil, fmt.Errorf("writing tar entry %q: %w", h.Name, err)
	}
	return b.Bytes(), nil
}
