package connector

import (
	"bytes"
	"unicode/utf8"
)

// Position is a place in a text file: line and column, both from 1. A column
// is a Unicode code point, as editors and GitHub's annotations count. The zero
// Position means the file as a whole.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

func (c *Config) position(offset int) Position {
	before := c.Raw[:min(offset, len(c.Raw))]
	line := bytes.Count(before, []byte("\n")) + 1
	start := bytes.LastIndexByte(before, '\n') + 1
	if start == 0 {
		before = bytes.TrimPrefix(before, []byte("\xef\xbb\xbf"))
	}
	return Position{Line: line, Column: utf8.RuneCount(before[start:]) + 1}
}
