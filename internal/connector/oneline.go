package connector

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLine bounds what OneLine returns, in bytes.
const maxLine = 1 << 10

// OneLine makes a text of others one visible line of at most 1 KiB, for labels
// and documents: blanks of any kind become spaces, and characters that show
// nothing or act on a terminal are dropped.
func OneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.C, r):
			return -1
		}
		return r
	}, s)
	if len(s) > maxLine {
		end := maxLine
		for !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end]
	}
	return strings.TrimSpace(s)
}
