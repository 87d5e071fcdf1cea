package jar

import (
	"io"
	"sync"
)

const (
	// pieceSize is how much of a file is read at once, recordPiece how much for
	// one record of a directory.
	pieceSize   = 64 << 10
	recordPiece = 512
	// windowSize holds the longest record of a directory, too: a name, an extra
	// field and a comment have up to 65,535 bytes each.
	windowSize = 256 << 10
)

// window reads a file in large pieces. Places that are asked for in their order
// in the file, however small, cost one read for each piece.
type window struct {
	r     io.ReaderAt
	size  int64  // of the file
	piece int    // bytes to read at once
	from  int64  // where have begins
	have  []byte // a part of buf
	buf   [windowSize]byte
}

var windows = sync.Pool{New: func() any { return &window{} }}

// openWindow gives a window, to be closed when nothing that came out of it is
// needed any more.
func openWindow(r io.ReaderAt, size int64, piece int) *window {
	w := windows.Get().(*window)
	w.r, w.size, w.piece, w.from, w.have = r, size, piece, 0, nil
	return w
}

func (w *window) close() {
	w.r = nil
	windows.Put(w)
}

// at gives the n bytes at an offset, n being at most windowSize, and fewer where
// the file ends or cannot be read. They are good until the next call.
func (w *window) at(offset int64, n int) []byte {
	if i := offset - w.from; i >= 0 && i+int64(n) <= int64(len(w.have)) {
		return w.have[i : i+int64(n)]
	}
	if offset < 0 || offset >= w.size {
		return nil
	}
	piece := w.buf[:min(int64(max(n, w.piece)), w.size-offset)]
	got, _ := w.r.ReadAt(piece, offset)
	w.from, w.have = offset, piece[:got]
	return w.have[:min(n, got)]
}
