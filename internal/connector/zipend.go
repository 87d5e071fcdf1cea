package connector

import (
	"bytes"
	"encoding/binary"
	"io"
)

// endOfDirectory is what a zip's last record says about its directory
// (APPNOTE.TXT 4.3.14 and 4.3.16).
type endOfDirectory struct {
	entries       uint64
	directorySize uint64
}

const (
	endLength      = 22
	locatorLength  = 20
	end64Length    = 56
	maxCommentSize = 1<<16 - 1
)

// readEndOfDirectory finds the last record before anything is allocated by
// what it says: archive/zip makes room for as many entries as a file claims.
func readEndOfDirectory(r io.ReaderAt, size int64) (endOfDirectory, error) {
	tail := make([]byte, min(size, endLength+maxCommentSize))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return endOfDirectory{}, err
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || len(tail)-i < endLength {
		if bytes.HasPrefix(tail, []byte("PK")) {
			return endOfDirectory{}, ErrBroken
		}
		var head [2]byte
		if _, err := r.ReadAt(head[:], 0); err == nil && string(head[:]) == "PK" {
			return endOfDirectory{}, ErrBroken
		}
		return endOfDirectory{}, ErrNotZip
	}
	end := endOfDirectory{
		entries:       uint64(binary.LittleEndian.Uint16(tail[i+10:])),
		directorySize: uint64(binary.LittleEndian.Uint32(tail[i+12:])),
	}
	if end.entries != 0xffff && end.directorySize != 0xffffffff {
		return end, nil
	}
	return end.read64(r, size-int64(len(tail)-i))
}

// read64 reads the zip64 record that a locator just before the end names.
func (end endOfDirectory) read64(r io.ReaderAt, at int64) (endOfDirectory, error) {
	var locator [locatorLength]byte
	if at < locatorLength {
		return end, nil
	}
	if _, err := r.ReadAt(locator[:], at-locatorLength); err != nil {
		return end, ErrBroken
	}
	if string(locator[:4]) != "PK\x06\x07" {
		return end, nil
	}
	var record [end64Length]byte
	offset := binary.LittleEndian.Uint64(locator[8:])
	if offset > uint64(at) {
		return end, ErrBroken
	}
	if _, err := r.ReadAt(record[:], int64(offset)); err != nil || string(record[:4]) != "PK\x06\x06" {
		return end, ErrBroken
	}
	return endOfDirectory{
		entries:       binary.LittleEndian.Uint64(record[32:]),
		directorySize: binary.LittleEndian.Uint64(record[40:]),
	}, nil
}
