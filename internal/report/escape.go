package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line makes untrusted text fit for one line of a log or terminal: control,
// format and bidirectional characters, and bytes that are no UTF-8, become
// visible escapes, and the old form of a runner's command, ##[name], which
// counts anywhere in a line, is broken.
func Line(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unprintable(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		case r == '[' && strings.HasSuffix(b.String(), "##"):
			b.WriteString(`\[`)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Code makes untrusted text fit for Markdown, in a table cell, a list or a
// heading: one <code> element in which nothing has a meaning. Every ASCII
// punctuation mark becomes a character reference, so that neither Markdown nor
// GitHub's mentions and references see one.
func Code(s string) string {
	if s == "" {
		return ""
	}
	return "<code>" + references(Line(s)) + "</code>"
}

// Prose makes a message of our own, which quotes untrusted text, fit for
// Markdown: it reads as plain text and nothing in it has a meaning.
func Prose(s string) string { return references(Line(s)) }

func references(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf && (unicode.IsPunct(r) || unicode.IsSymbol(r)) && !plain(r) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plain tells that a mark has no meaning to Markdown inside of a line.
func plain(r rune) bool { return strings.ContainsRune(",;'%", r) }

func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
}

// Cut shortens text to at most n runes, with an ellipsis where it was cut.
func Cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// Bytes writes a size for people: 1.2 MB; factors of a thousand, as registries
// count.
func Bytes(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	f, i := float64(n), 0
	for f >= 999.95 && i < len(units)-1 {
		f, i = f/1000, i+1
	}
	if i == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, units[i])
}

// Plural counts things: 1 jar, 2 jars.
func Plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
