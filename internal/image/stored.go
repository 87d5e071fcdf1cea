package image

import (
	"encoding/binary"
	"io"
)

// maxStored is the largest stored block of DEFLATE, in bytes (RFC 1951, 3.2.4).
const maxStored = 65535

// gzipHeader is fixed: no name, no time, unknown system (RFC 1952, 2.3).
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}

func blockHeader(n int, last bool) []byte {
	b := []byte{0, byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)}
	if last {
		b[0] = 1
	}
	return b
}

func gzipTrailer(sum uint32, length int64) []byte {
	b := binary.LittleEndian.AppendUint32(nil, sum)
	return binary.LittleEndian.AppendUint32(b, uint32(length))
}

// storedSize is the size of n bytes, n > 0, as gzip with stored blocks.
func storedSize(n int64) int64 {
	blocks := (n + maxStored - 1) / maxStored
	return int64(len(gzipHeader)) + n + 5*blocks + 8
}

// storedReader turns bytes into gzip with stored blocks. The checksum is known
// beforehand; should the bytes have changed since, the digest of what is read
// tells whoever receives it.
type storedReader struct {
	from    io.Reader
	left    int64  // bytes of from that are not in a block yet
	trailer []byte // nil once it is in buffer
	pending []byte // made but not read
	buffer  [5 + maxStored]byte
}

func newStoredReader(from io.Reader, length int64, sum uint32) *storedReader {
	return &storedReader{from: from, left: length, trailer: gzipTrailer(sum, length), pending: gzipHeader}
}

func (r *storedReader) Read(p []byte) (int, error) {
	if len(r.pending) == 0 {
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.pending)
	r.pending = r.pending[n:]
	return n, nil
}

func (r *storedReader) fill() error {
	switch {
	case r.left > 0:
		n := int(min(r.left, maxStored))
		if _, err := io.ReadFull(r.from, r.buffer[5:5+n]); err != nil {
			return err
		}
		r.left -= int64(n)
		copy(r.buffer[:], blockHeader(n, r.left == 0))
		r.pending = r.buffer[:5+n]
	case r.trailer != nil:
		r.pending, r.trailer = r.trailer, nil
	default:
		return io.EOF
	}
	return nil
}
