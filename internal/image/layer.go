package image

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
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
	size   int64   // of the gzip
	pack   bool    // compress it
	before string  // the key when it began to be hashed
}

func (l *layer) Digest() (v1.Hash, error)             { return l.digest, nil }
func (l *layer) DiffID() (v1.Hash, error)             { return l.diffID, nil }
func (l *layer) Size() (int64, error)                 { return l.size, nil }
func (l *layer) MediaType() (types.MediaType, error)  { return types.DockerLayer, nil }
func (l *layer) Uncompressed() (io.ReadCloser, error) { return io.NopCloser(l.tar()), nil }
func (l *layer) Compressed() (io.ReadCloser, error) {
	if l.pack {
		return io.NopCloser(newPackedReader(l.tar(), l.length)), nil
	}
	return io.NopCloser(newStoredReader(l.tar(), l.length, l.sum)), nil
}

// content is the size of the layer's files, in bytes.
func (l *layer) content() (n int64) {
	for _, f := range l.files {
		n += f.size
	}
	return n
}

// hash reads the layer's files once and fills in what Build must know. The two
// digests are of nearly the same bytes and all of the work, so each has a
// processor: a connector is often one large jar.
func (l *layer) hash(ctx context.Context, memory *Memory, space *[2][maxStored]byte) (err error) {
	if l.length, err = tarLength(l.files); err != nil {
		return err
	}
	if l.pack {
		return l.hashPacked(ctx)
	}
	l.size, l.before = storedSize(l.length), l.key()
	if memory.recall(l) {
		return nil
	}
	diffID, digest, sum := sha256.New(), sha256.New(), crc32.NewIEEE()
	// A block is taken only when the one before is done, so its space is free
	// by the time that the next but one is read.
	blocks := make(chan []byte)
	var beside sync.WaitGroup
	beside.Go(func() {
		for block := range blocks {
			diffID.Write(block)
			sum.Write(block)
		}
	})
	err = l.digestBlocks(ctx, digest, blocks, space)
	close(blocks)
	beside.Wait()
	if err != nil {
		return err
	}
	l.sum = sum.Sum32()
	digest.Write(gzipTrailer(l.sum, l.length))
	l.diffID, l.digest = sha(diffID), sha(digest)
	return nil
}

// digestBlocks hashes the gzip but for its trailer, and hands on each block of
// the tar.
func (l *layer) digestBlocks(ctx context.Context, digest io.Writer, blocks chan<- []byte, space *[2][maxStored]byte) error {
	digest.Write(gzipHeader)
	tar := l.tar()
	for n, left := 0, l.length; left > 0; n++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		block := space[n%2][:min(left, maxStored)]
		if _, err := io.ReadFull(tar, block); err != nil {
			return fmt.Errorf("reading %s: %w", l.title, err)
		}
		left -= int64(len(block))
		blocks <- block
		digest.Write(blockHeader(len(block), left == 0))
		digest.Write(block)
	}
	return nil
}

func sha(h hash.Hash) v1.Hash {
	return v1.Hash{Algorithm: "sha256", Hex: fmt.Sprintf("%x", h.Sum(nil))}
}
