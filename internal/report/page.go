package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// section is a part of a page: a head, rows, a foot. It is shown with as many
// rows as there is room for, and not at all without room for one of them.
type section struct {
	thing      string // what it is made of, in the singular
	head, foot string
	n          int
	row        func(i int) string
	more       string // a last row, for a %d of rows that are left out
	beyond     int    // rows that were left out before
	share      int    // of the page, in percent
}

// page is Markdown with a limit.
type page struct {
	limit   int
	measure func(string) int
	run     string // a link to where all of it is
	foot    string
}

// smallPage is a limit below which there is no room for more than a verdict.
const smallPage = 4000

// maxRows bounds what is ever made of one section.
const maxRows = 1000

// units counts the larger of UTF-16 units and code points: GitHub's own limits
// are counted in one of them.
func units(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if r > 0xffff {
			n++
		}
	}
	return n
}

// bytesOf counts bytes, as the runner does for its summary.
func bytesOf(s string) int { return len(s) }

// write puts sections under each other, the first ones first, and says what had
// no room.
func (p page) write(sections []section) string {
	if p.limit < smallPage {
		p.foot = "" // the notice links to the run as well
	}
	room := p.limit - p.measure(p.foot)
	text, hidden := p.fill(sections, room)
	if len(hidden) > 0 {
		// A notice of at most this size takes the place of the last rows.
		text, hidden = p.fill(sections, room-p.measure(p.notice(allOf(sections))))
		text += p.notice(hidden)
	}
	return text + p.foot
}

// allOf is the longest list of what may be hidden.
func allOf(sections []section) []string {
	var all []string
	for _, s := range sections {
		all = append(all, Plural(max(s.n+s.beyond, 2), s.thing))
	}
	return all
}

func (p page) notice(hidden []string) string {
	where := p.run
	if where == "" || len(where) > 300 {
		where = "the report's file"
	}
	what := strings.Join(hidden, ", ")
	if p.limit < smallPage {
		what = "some of the report"
	}
	return fmt.Sprintf("\n**Not shown for want of room:** %s. See %s.\n", what, where)
}

func (p page) fill(sections []section, limit int) (string, []string) {
	var b strings.Builder
	var hidden []string
	left := limit
	for _, s := range sections {
		gap := ""
		if b.Len() > 0 {
			gap = "\n"
		}
		text, shown := s.fit(min(left-len(gap), p.limit*s.share/100), p.measure)
		if missing := s.n + s.beyond - shown; missing > 0 || text == "" && s.n == 0 {
			hidden = append(hidden, Plural(max(missing, 1), s.thing))
		}
		if text != "" {
			b.WriteString(gap + text)
			left -= p.measure(text) + len(gap)
		}
	}
	return b.String(), hidden
}

// fit makes as much of a section as there is room for, and tells how many rows
// that is. A section without rows is its head.
func (s section) fit(room int, measure func(string) int) (text string, shown int) {
	var b strings.Builder
	b.WriteString(s.head)
	room -= measure(s.head) + measure(s.foot)
	more := measure(s.more) + 20
	for shown < s.n && shown < maxRows {
		row := s.row(shown)
		need := measure(row)
		if shown < s.n-1 || s.beyond > 0 {
			need += more // there must be room to say that the rest is left out
		}
		if need > room {
			break
		}
		room -= measure(row)
		b.WriteString(row)
		shown++
	}
	if room < 0 || s.n > 0 && shown == 0 {
		return "", 0
	}
	if missing := s.n + s.beyond - shown; missing > 0 && s.more != "" {
		fmt.Fprintf(&b, s.more, missing)
	}
	b.WriteString(s.foot)
	return b.String(), shown
}
