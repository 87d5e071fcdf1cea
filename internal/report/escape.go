package report

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Line makes untrusted text fit for one line of a log or terminal: whatever is
// not visible, and bytes that are no UTF-8, become visible escapes, and the old
// form of a runner's command, ##[name], which counts anywhere in a line, is
// broken.
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
		case invisible(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		case r == '[' && strings.HasSuffix(b.String(), "##"):
			b.WriteString(`\[`)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// invisible tells that a character shows nothing: control, format and
// bidirectional characters, what Unicode has not assigned, fillers and variation
// selectors. The runner looks for ##[ as people would compare texts, so that one
// of the latter in its midst does not break it.
func invisible(r rune) bool {
	return !unicode.IsGraphic(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Code makes untrusted text fit for Markdown, in a table cell, a list or a
// heading: one <code> element in which nothing has a meaning. Every ASCII
// punctuation mark becomes a character reference, so that Markdown sees none;
// GitHub's mentions and references pass over <code>. Mail addresses become links
// even there, after the references are decoded, unless their two halves are
// texts of their own: that is what the comment before @ is for.
func Code(s string) string {
	if s == "" {
		return ""
	}
	return "<code>" + strings.ReplaceAll(references(Line(s)), "&#64;", "<!-- -->&#64;") + "</code>"
}

var (
	// tokens divides a message into quoted texts, words and blanks.
	tokens = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[^ "]+|"| +`) })
	// plain is a word that nobody makes a link of: letters alone, or a number,
	// with punctuation around it. Its classes take a millisecond to compile.
	plain = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[(“‘«]*(?:[\pL\pM]+(?:['’-][\pL\pM]+)*|[0-9]{1,6}(?:[.,][0-9]{1,6})*|[–—→-]| +)?[).,;:!?…”’»]*$`)
	})
	// commit is what GitHub takes for the name of one.
	commit = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\b[0-9a-f]{7,}\b`) })
)

// Prose makes a message, which may quote untrusted text, fit for Markdown: it
// reads as text, and nothing in it has a meaning. References alone would not do:
// GitHub decodes them before it looks for mentions, issues, commits and mail
// addresses. So plain words stay text, and all else, with what stands in
// quotation marks, is Code, which suits names, paths and URLs anyway.
func Prose(s string) string {
	var b strings.Builder
	for _, t := range tokens().FindAllString(strings.TrimSpace(Line(s)), -1) {
		word := strings.TrimRight(t, ".,;:!?")
		if plain().MatchString(t) && !commit().MatchString(t) {
			word = ""
		}
		b.WriteString(Code(word) + references(t[len(word):]))
	}
	return strings.ReplaceAll(b.String(), "</code><code>", "")
}

// references writes ASCII punctuation as character references, but for marks
// that have no meaning to Markdown inside of a line.
func references(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf && (unicode.IsPunct(r) || unicode.IsSymbol(r)) && !strings.ContainsRune(",;'%", r) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Cut shortens text to at most n runes, with an ellipsis where it was cut.
func Cut(s string, n int) string {
	runes, end := 0, 0 // end leaves room for the ellipsis
	for i := range s {
		if runes == n-1 {
			end = i
		}
		if runes++; runes > n {
			return s[:end] + "…"
		}
	}
	return s
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
