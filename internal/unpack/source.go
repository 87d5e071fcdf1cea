package unpack

import (
	"bytes"
	"context"
	"hash"
	"io"
)

// source is a stream that obeys the context and a limit, and remembers why it
// ended, because archive/tar and compress/flate do not always pass that on.
type source struct {
	ctx    context.Context
	r      io.Reader
	left   *int64
	digest hash.Hash // of what was read, if anybody asks
	// err is what the stream ended with, nil after io.EOF.
	err error
}

func (s *source) Read(p []byte) (int, error) {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	if s.digest != nil {
		s.digest.Write(p[:n])
	}
	if *s.left -= int64(n); *s.left < 0 {
		err = errLimit
	}
	if err != io.EOF {
		s.err = err
	}
	return n, err
}

const blockSize = 512

var zeroBlock [blockSize]byte

// blockReader remembers the last two headers that archive/tar asked for. To
// archive/tar a single block of zeros is an error, to GNU tar it is the end.
type blockReader struct {
	r io.Reader
	// any is true as soon as a byte was read.
	any bool
	// zeros tells of the last blocks, the newest in the lowest bit.
	zeros, blocks uint
}

func (b *blockReader) Read(p []byte) (int, error) {
	if len(p) != blockSize {
		n, err := b.r.Read(p)
		b.any = b.any || n > 0
		return n, err
	}
	n, err := io.ReadFull(b.r, p)
	b.any = b.any || n > 0
	b.zeros <<= 1
	b.blocks++
	if n == blockSize && bytes.Equal(p, zeroBlock[:]) {
		b.zeros |= 1
	}
	if n > 0 && err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

// forget starts anew before a header.
func (b *blockReader) forget() { b.zeros, b.blocks = 0, 0 }

// loneZero is true after a block of zeros and one of something else.
func (b *blockReader) loneZero() bool { return b.blocks >= 2 && b.zeros&3 == 2 }
