package image

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// maxKept is how much of a base stays in memory from the look to the push, in
// bytes: a Debian or an Amazon Linux without anything on it fits.
const maxKept = 64 << 20

// The limits of a look into a base, those of a replay of Glue's unpacker.
const (
	maxUnpacked = 4 << 30 // bytes
	maxEntries  = 100_000
)

// baseLayer is a layer of a base under Docker's media type: OCI's gzip layers
// are the same bytes.
type baseLayer struct {
	v1.Layer
	kept []byte // nil for one that is read from its registry again
}

func (*baseLayer) MediaType() (types.MediaType, error) { return types.DockerLayer, nil }

func (l *baseLayer) Compressed() (io.ReadCloser, error) {
	if l.kept != nil {
		return io.NopCloser(bytes.NewReader(l.kept)), nil
	}
	return l.Layer.Compressed()
}

// look goes through the layers of a base for what Glue would take into /jars.
type look struct {
	unpacked int64
	entries  int
	links    map[string]bool // by cleaned name
}

func newLook() *look { return &look{links: map[string]bool{}} }

// layer refuses what Glue cannot unpack, and anything in /jars: Glue knows no
// whiteouts, and would load a base's jars with the connector's. It keeps the
// layer's bytes if there is room for them.
func (k *look) layer(l *baseLayer, room *int64) error {
	size, err := l.Size()
	if err != nil {
		return err
	}
	body, err := l.Layer.Compressed()
	if err != nil {
		return err
	}
	defer body.Close()
	var from io.Reader = body
	var kept *bytes.Buffer
	if size <= *room {
		*room -= size
		kept = bytes.NewBuffer(make([]byte, 0, size))
		from = io.TeeReader(body, kept)
	}
	buffered := bufio.NewReaderSize(from, 64<<10)
	if magic, err := buffered.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return unfit(rebuild, "it is not gzip, whatever its type says, and Glue reads gzip layers only")
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return err
	}
	if err := k.tar(z); err != nil {
		return err
	}
	// The rest has to be read for its checksum and its digest.
	if n, err := io.Copy(io.Discard, io.LimitReader(z, maxUnpacked-k.unpacked+1)); err != nil {
		return err
	} else if k.unpacked += n; k.unpacked > maxUnpacked {
		return errUnpacked()
	}
	if _, err := io.Copy(io.Discard, buffered); err != nil {
		return err
	}
	if kept != nil {
		l.kept = kept.Bytes()
	}
	return nil
}

func errUnpacked() error {
	return unfit("Choose a smaller base, or none: each job unpacks it at its start.",
		"the base unpacks to more than %d bytes or %d files", int64(maxUnpacked), maxEntries)
}

func (k *look) tar(r io.Reader) error {
	entries := tar.NewReader(r)
	for {
		h, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unfit(rebuild, "its tar cannot be read: %v", err)
		}
		k.entries++
		k.unpacked += max(h.Size, 0) + 512
		if k.entries > maxEntries || k.unpacked > maxUnpacked {
			return errUnpacked()
		}
		if err := k.entry(h); err != nil {
			return err
		}
	}
}

const ownJars = "Build the base without it: Glue would load it with the connector, and a whiteout does not remove it."

func (k *look) entry(h *tar.Header) error {
	name := strings.TrimPrefix(path.Clean("/"+h.Name), "/")
	top, _, _ := strings.Cut(name, "/")
	switch {
	case top == Folder, top == ".wh."+Folder, name == "config.json":
		return unfit(ownJars, "it has %q of its own, and that place is the connector's", name)
	case k.leads(name):
		return unfit(ownJars, "it has %q behind a symbolic link, and that may be the connector's place", name)
	case name == "" && h.Mode&0o200 == 0:
		return unfit(rebuild, "its root folder cannot be written to, so that no jar could be unpacked")
	case h.Typeflag == tar.TypeSymlink, h.Typeflag == tar.TypeLink:
		k.links[name] = true // a hard link may be one to a symbolic link
	}
	return nil
}

// leads tells whether a name may lead to /jars: it goes through a symbolic link,
// which tar follows, and says jars behind it. Without the word there is no way
// to make the folder.
func (k *look) leads(name string) bool {
	parts := strings.Split(name, "/")
	for i := 1; i < len(parts); i++ {
		if k.links[strings.Join(parts[:i], "/")] {
			return slices.Contains(parts[i:], Folder)
		}
	}
	return false
}
