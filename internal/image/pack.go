package image

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"

	"glue-connector/internal/connector"
)

// minLoose is how many bytes of a layer must be worth compressing.
const minLoose = 1 << 20

// packLevel is the level of compression. What it makes is in the digests of
// images: another level, or a version of the compressor that writes other
// bytes, changes them.
const packLevel = 3

// worthPacking tells whether jars are compressed as a layer: most of them, and
// more than a little, is stored data, which gzip makes smaller. It is decided
// by the jars' bytes alone.
func worthPacking(jars []*connector.Jar) bool {
	var loose, size int64
	for _, j := range jars {
		size += j.Size
		if j.Archive != nil {
			loose += j.Archive.Loose
		}
	}
	return loose > minLoose && loose > size/2
}

// hashPacked is hash for a layer that is compressed. The size is known after
// this pass, and the upload makes the same bytes in another.
func (l *layer) hashPacked(ctx context.Context) error {
	diffID, digest := sha256.New(), sha256.New()
	n, err := io.Copy(digest, newPackedReader(io.TeeReader(untilDone{ctx, l.tar()}, diffID), l.length))
	if err != nil {
		return fmt.Errorf("reading %s: %w", l.title, err)
	}
	l.size, l.diffID, l.digest = n, sha(diffID), sha(digest)
	return nil
}

// untilDone ends a read when its context does.
type untilDone struct {
	ctx context.Context
	io.Reader
}

func (r untilDone) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.Reader.Read(p)
}

// packedReader turns bytes into gzip. The compressor gets them in blocks of one
// size, so that what it makes does not depend on how they are read.
type packedReader struct {
	from  io.Reader
	left  int64 // bytes of from
	zip   *gzip.Writer
	block []byte // nil when the end is made
	out   bytes.Buffer
}

func newPackedReader(from io.Reader, length int64) *packedReader {
	r := &packedReader{from: from, left: length, block: make([]byte, maxStored+1)}
	r.zip, _ = gzip.NewWriterLevel(&r.out, packLevel) // a level that there is
	return r
}

func (r *packedReader) Read(p []byte) (int, error) {
	for r.out.Len() == 0 {
		if r.block == nil {
			return 0, io.EOF
		}
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	return r.out.Read(p)
}

func (r *packedReader) fill() error {
	block := r.block[:min(r.left, int64(len(r.block)))]
	if _, err := io.ReadFull(r.from, block); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // a copy would take it for the end
		}
		return err
	}
	if _, err := r.zip.Write(block); err != nil {
		return err
	}
	if r.left -= int64(len(block)); r.left > 0 {
		return nil
	}
	r.block = nil
	return r.zip.Close()
}
