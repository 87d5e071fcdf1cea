package classfile

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// ascii reports whether b is text that UTF-8 and modified UTF-8 encode alike
// in one byte a character: all but U+0000.
func ascii(b []byte) bool {
	const high, low = 0x8080808080808080, 0x0101010101010101
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		if (x|(x-low))&high != 0 { // a byte from 0x80, or 0
			return false
		}
	}
	for _, c := range b {
		if c == 0 || c >= 0x80 {
			return false
		}
	}
	return true
}

// appendModified appends to dst, as UTF-8, the text that b encodes in modified
// UTF-8 (§4.4.7): U+0000 is C0 80, and a character from U+10000 is a surrogate
// pair of 3 bytes each. A lone surrogate, which the JVM allows and UTF-8 does
// not, becomes U+FFFD. Like the JVM it takes longer encodings than needed.
func appendModified(dst, b []byte) ([]byte, bool) {
	if ascii(b) {
		return append(dst, b...), true
	}
	for len(b) > 0 {
		r, n := decodeUnit(b)
		if n == 0 {
			return dst, false
		}
		if utf16.IsSurrogate(r) {
			low, m := decodeUnit(b[n:])
			if pair := utf16.DecodeRune(r, low); m != 0 && pair != utf8.RuneError {
				r, n = pair, n+m
			}
		}
		dst, b = utf8.AppendRune(dst, r), b[n:]
	}
	return dst, true
}

// decodeUnit returns the UTF-16 code unit that b begins with, and how many
// bytes it takes: 0 if they are none.
func decodeUnit(b []byte) (rune, int) {
	continues := func(i int) bool { return i < len(b) && b[i]&0xC0 == 0x80 }
	switch {
	case len(b) == 0 || b[0] == 0:
		return 0, 0
	case b[0] < 0x80:
		return rune(b[0]), 1
	case b[0]&0xE0 == 0xC0 && continues(1):
		return rune(b[0]&0x1F)<<6 | rune(b[1]&0x3F), 2
	case b[0]&0xF0 == 0xE0 && continues(1) && continues(2):
		return rune(b[0]&0x0F)<<12 | rune(b[1]&0x3F)<<6 | rune(b[2]&0x3F), 3
	}
	return 0, 0
}
