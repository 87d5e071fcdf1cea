package unpack

import (
	"bufio"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// gzipError is what Python's gzip.open raises.
type gzipError struct {
	code Code
	log  string
}

func (e *gzipError) Error() string { return e.log }

var errTruncated = &gzipError{LayerTruncated,
	"EOFError: Compressed file ended before the end-of-stream marker was reached"}

// gunzip decompresses as Python's gzip.open (G2). compress/gzip will not do: it
// takes zero padding for a bad member, and refuses long names in the header.
type gunzip struct {
	src     *bufio.Reader
	inflate io.ReadCloser
	members int
	inside  bool // a member
	crc     uint32
	size    uint32 // modulo 1<<32, as in the trailer
	err     error
}

func newGunzip(src io.Reader) *gunzip {
	return &gunzip{src: bufio.NewReaderSize(src, 64<<10)}
}

func (g *gunzip) Read(p []byte) (int, error) {
	for g.err == nil {
		if !g.inside {
			g.err = g.start()
			continue
		}
		n, err := g.inflate.Read(p)
		g.crc = crc32.Update(g.crc, crc32.IEEETable, p[:n])
		g.size += uint32(n)
		if err == io.EOF {
			err = g.finish()
		}
		g.err = inflateError(err)
		if n > 0 || len(p) == 0 {
			return n, nil
		}
	}
	return 0, g.err
}

func inflateError(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case err == io.ErrUnexpectedEOF:
		return errTruncated
	case errors.As(err, &corrupt):
		return &gzipError{LayerCorrupt, "zlib.error: Error -3 while decompressing data"}
	}
	return err
}

// start reads the header of the next member, after any zero padding.
func (g *gunzip) start() error {
	if err := g.skipPadding(); err != nil {
		return err
	}
	var head [10]byte
	n, err := io.ReadFull(g.src, head[:2])
	if n == 0 {
		return err
	}
	if head[0] != 0x1f || head[1] != 0x8b {
		if err != nil && err != io.ErrUnexpectedEOF {
			return err
		}
		return notGzip(g.members, head[:n])
	}
	if err := g.full(head[2:]); err != nil {
		return err
	}
	if head[2] != 8 {
		return &gzipError{LayerCorrupt, "gzip.BadGzipFile: Unknown compression method"}
	}
	if err := g.skipOptions(head[3]); err != nil {
		return err
	}
	if g.inflate == nil {
		g.inflate = flate.NewReader(g.src)
	} else if err := g.inflate.(flate.Resetter).Reset(g.src, nil); err != nil {
		return err
	}
	g.members++
	g.inside, g.crc, g.size = true, 0, 0
	return nil
}

// skipPadding passes over the zeros that may follow a member, but not before
// the first.
func (g *gunzip) skipPadding() error {
	for g.members > 0 {
		b, err := g.src.ReadByte()
		if err != nil {
			return err
		}
		if b != 0 {
			return g.src.UnreadByte()
		}
	}
	return nil
}

// skipOptions passes over the parts of a header that its flags announce
// (RFC 1952). Python does not check the header's checksum either.
func (g *gunzip) skipOptions(flags byte) error {
	const headerCRC, extra, name, comment = 2, 4, 8, 16
	var two [2]byte
	if flags&extra != 0 {
		if err := g.full(two[:]); err != nil {
			return err
		}
		size := int64(binary.LittleEndian.Uint16(two[:]))
		if _, err := io.CopyN(io.Discard, g.src, size); err != nil {
			return eofIsTruncated(err)
		}
	}
	for _, flag := range []byte{name, comment} {
		for b := byte(1); flags&flag != 0 && b != 0; {
			var err error
			if b, err = g.src.ReadByte(); err != nil {
				return eofIsTruncated(err)
			}
		}
	}
	if flags&headerCRC != 0 {
		return g.full(two[:])
	}
	return nil
}

// finish checks a member's trailer.
func (g *gunzip) finish() error {
	var trailer [8]byte
	if err := g.full(trailer[:]); err != nil {
		return err
	}
	g.inside = false
	if crc := binary.LittleEndian.Uint32(trailer[:]); crc != g.crc {
		return &gzipError{LayerCorrupt, fmt.Sprintf("gzip.BadGzipFile: CRC check failed %#x != %#x", crc, g.crc)}
	}
	if binary.LittleEndian.Uint32(trailer[4:]) != g.size {
		return &gzipError{LayerCorrupt, "gzip.BadGzipFile: Incorrect length of data produced"}
	}
	return nil
}

func (g *gunzip) full(p []byte) error {
	_, err := io.ReadFull(g.src, p)
	return eofIsTruncated(err)
}

func eofIsTruncated(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errTruncated
	}
	return err
}

// notGzip has the first bytes as Python prints them.
func notGzip(members int, head []byte) error {
	var b strings.Builder
	for _, c := range head {
		switch {
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\\':
			b.WriteString(`\\`)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	code := LayerNotGzip
	if members > 0 {
		code = LayerCorrupt
	}
	return &gzipError{code, fmt.Sprintf("gzip.BadGzipFile: Not a gzipped file (b'%s')", b.String())}
}
