package image

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"runtime"
	"sync"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// layer is a v1.Layer whose bytes are made from files while they are read.
type layer struct {
	title  string
	files  []file
	diffID v1.Hash // of the tar
	digest v1.Hash // of the gzip
	sum    uint32  // CRC-32 of the tar, the gzip trailer's
	length int64   // of the tar
}

func (l *layer) Digest() (v1.Hash, error)             { return l.digest, nil }
func (l *layer) DiffID() (v1.Hash, error)             { return l.diffID, nil }
func (l *layer) Size() (int64, error)                 { return storedSize(l.length), nil }
func (l *layer) MediaType() (types.MediaType, error)  { return types.DockerLayer, nil }
func (l *layer) Uncompressed() (io.ReadCloser, error) { return io.NopCloser(l.tar()), nil }
func (l *layer) Compressed() (io.ReadCloser, error) {
	return io.NopCloser(newStoredReader(l.tar(), l.length, l.sum)), nil
}

// hash reads the layer's files once and fills in what Build must know.
func (l *layer) hash() error {
	length, err := tarLength(l.files)
	if err != nil {
		return err
	}
	l.length = length
	diffID, digest, sum := sha256.New(), sha256.New(), crc32.NewIEEE()
	digest.Write(gzipHeader)
	data := make([]byte, maxStored)
	tar := l.tar()
	for left := length; left > 0; {
		block := data[:min(left, maxStored)]
		if _, err := io.ReadFull(tar, block); err != nil {
			return fmt.Errorf("reading %s: %w", l.title, err)
		}
		left -= int64(len(block))
		digest.Write(blockHeader(len(block), left == 0))
		digest.Write(block)
		diffID.Write(block)
		sum.Write(block)
	}
	l.sum = sum.Sum32()
	digest.Write(gzipTrailer(l.sum, length))
	l.diffID, l.digest = sha(diffID), sha(digest)
	return nil
}

func sha(h hash.Hash) v1.Hash {
	return v1.Hash{Algorithm: "sha256", Hex: fmt.Sprintf("%x", h.Sum(nil))}
}

// hashAll hashes the layers, as many at a time as there are processors.
func hashAll(layers []*layer) ([]*layer, error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	work := make(chan *layer)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for l := range work {
				if err := l.hash(); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, l := range layers {
		if ctx.Err() != nil {
			break
		}
		work <- l
	}
	close(work)
	workers.Wait()
	return layers, context.Cause(ctx)
}
