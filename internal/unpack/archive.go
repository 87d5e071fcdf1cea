package unpack

import (
	"archive/tar"
	"crypto/sha256"
	"errors"
	"io"
)

// run is tar: it unpacks what it can and ignores the rest (G3). It returns an
// error only if the layer cannot be read on, or at a limit.
func (x *extraction) run(content *source) error {
	if !x.tree.root.readable() {
		x.report(UnreadableDirectory, ".", "An earlier layer gave the root a mode without read permission, so nothing of this layer is unpacked; use 0755.",
			"tar: .: Cannot open: Permission denied")
		return nil
	}
	defer x.finish()
	blocks := &blockReader{r: content}
	archive, bad := tar.NewReader(blocks), false
	for first := true; ; first = false {
		blocks.forget()
		h, err := archive.Next()
		switch {
		case content.err != nil:
			return content.err
		case err == io.EOF && (blocks.any || bad):
			return nil
		case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
			x.badTar(first, "Unexpected EOF in archive")
			return nil
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			if blocks.loneZero() {
				return nil
			}
			// Like tar, look for the next header, one block on.
			if !bad {
				x.badTar(first, "Skipping to next header")
			}
			archive, bad = tar.NewReader(blocks), true
		}
		if err := x.count(); err != nil {
			return err
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			continue
		}
		if err := x.unpack(h, archive, content); err != nil {
			return err
		}
	}
}

func (x *extraction) badTar(first bool, log string) {
	if first {
		log = "This does not look like a tar archive"
	}
	x.report(LayerBadTar, "", "The layer is not a whole and valid tar archive; Glue goes on with what tar gets out of it.", "tar: "+log)
}

// unpack takes one member with its content. A file that is cut off comes to
// light with the next header.
func (x *extraction) unpack(h *tar.Header, archive *tar.Reader, content *source) error {
	n, err := x.member(h)
	if err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeDir, tar.TypeLink, tar.TypeSymlink, tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return nil // archive/tar takes their size for a mistake
	}
	// Holes cost nothing in the archive, so its bytes do not bound this.
	if x.content -= h.Size; x.content < 0 {
		return errLimit
	}
	sum := sha256.New()
	size, _ := io.CopyBuffer(sum, archive, x.buffer)
	if n != nil {
		n.size, n.sum = size, (*[32]byte)(sum.Sum(nil))
	}
	return content.err
}
