package connector

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestOneLine(t *testing.T) {
	for s, want := range map[string]string{
		"":                                      "",
		" A driver, für Ärzte 數 ":               "A driver, für Ärzte 數",
		"a\r\nb\u2028c\td\u00a0e":               "a  b c d e",
		"\x1b[31mred\u202e\u200b\ufeff\x00\xff": "[31mred",
		strings.Repeat("x", 1025):               strings.Repeat("x", 1024),
		strings.Repeat("x", 1023) + "é":         strings.Repeat("x", 1023),
	} {
		if got := OneLine(s); got != want || !utf8.ValidString(got) {
			t.Errorf("%.40q is %.40q, want %.40q", s, got, want)
		}
	}
}
