package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
)

// MaxJSON is the largest report that Parse reads and JSON writes, in bytes.
const MaxJSON = 1 << 20

// The room that each list of a report may take in JSON, in bytes; together with
// the rest, which has bounds of its own, they stay within MaxJSON.
const (
	roomFindings = 380 << 10
	roomSteps    = 110 << 10
	roomJars     = 90 << 10
	roomChanges  = 30 << 10 // of each of three lists
	roomGlue     = 50 << 10
	roomTests    = 150 << 10 // of all tables
)

// The lengths of texts, in characters: as in report.schema.json.
const (
	maxShort = 500
	maxText  = 2000
	maxLink  = 20_000 // ASCII
)

// JSON is the report for programs: indented, with a newline at its end, and such
// that Parse takes it. What can act on a terminal or on a log that it is printed
// to is written as an escape. Texts are cut and lists end where they get too
// long; Omitted counts what is missing.
func (r *Report) JSON() ([]byte, error) {
	b, err := indented(r.bounded(), "")
	return append(b, '\n'), err
}

// WriteJSON writes a value as JSON writes reports: what can act on a terminal or a
// log becomes an escape.
func WriteJSON(w io.Writer, v any) error {
	b, err := indented(v, "")
	if err == nil {
		_, err = w.Write(append(b, '\n'))
	}
	return err
}

// indented is v in JSON without a character that shows nothing, or a command.
func indented(v any, prefix string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	err := e.Encode(v)
	return visible(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), err
}

// visible writes the invisible characters of JSON as escapes, and breaks the old
// form of a runner's command. Both stand in strings only.
func visible(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == '[' && bytes.HasSuffix(out, []byte("##")):
			out = append(out, `\u005b`...)
		case r == '\n' || !invisible(r):
			out = append(out, text[i:i+n]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += n
	}
	return out
}

// bounded is a copy that keeps the bounds of the schema.
func (r *Report) bounded() *Report {
	c, o := *r, r.omitted()
	short := func(s string) string { return Cut(s, maxShort) }
	c.Connector.ConfigPath, c.Connector.Type, c.Connector.ClassName = short(c.Connector.ConfigPath), short(c.Connector.Type), short(c.Connector.ClassName)
	c.Connector.Version, c.Connector.Publisher, c.Output = short(c.Connector.Version), short(c.Connector.Publisher), short(c.Output)
	all := len(r.Findings)
	c.Findings = within(r.Findings, roomFindings, boundedFinding)
	o.Errors += check.Count(r.Findings[len(c.Findings):], check.Error)
	o.Warnings += all - len(c.Findings) - check.Count(r.Findings[len(c.Findings):], check.Error)
	c.Steps = within(r.Steps, roomSteps, boundedStep)
	o.Steps += len(r.Steps) - len(c.Steps)
	c.Glue = within(r.Glue[:min(len(r.Glue), 20)], roomGlue, boundedVerdict)
	o.Glue += len(r.Glue) - len(c.Glue)
	if len(c.Glue) == 0 {
		c.Glue = nil
	}
	jars := func(list []Jar, room int) []Jar {
		out := within(list, room, boundedJar)
		o.Jars += len(list) - len(out)
		return out
	}
	c.Connector.Jars = jars(r.Connector.Jars, roomJars)
	if r.Unpacked != nil {
		c.Unpacked = &Unpacked{Jars: jars(r.Unpacked.Jars, roomJars)}
	}
	c.Tests = boundedTests(r.Tests, &o.Tests)
	if r.SBOM != nil {
		s := *r.SBOM
		s.Path = short(s.Path)
		c.SBOM = &s
	}
	if r.Listing != nil {
		l := *r.Listing
		l.Product, l.VersionTitle, l.ChangeSet, l.Status = short(l.Product), short(l.VersionTitle), short(l.ChangeSet), short(l.Status)
		c.Listing = &l
	}
	c.Image, c.Previous = boundedImage(r.Image), boundedImage(r.Previous)
	if r.Changes != nil {
		d := *r.Changes
		d.Added, d.Removed = jars(d.Added, roomChanges), jars(d.Removed, roomChanges)
		d.Replaced = within(r.Changes.Replaced, roomChanges, func(x Replacement) Replacement {
			return Replacement{Was: boundedJar(x.Was), Is: boundedJar(x.Is)}
		})
		o.Jars += len(r.Changes.Replaced) - len(d.Replaced)
		c.Changes = &d
	}
	if r.Link != nil && !canonical(r.Link.URL) {
		c.Link, o.Link = nil, true
	}
	if o != (Omitted{}) {
		c.Omitted = &o
	}
	return &c
}

// canonical tells whether a link is one that we write, and not too long.
func canonical(url string) bool {
	l, err := connector.ParseLink(url)
	return err == nil && len(url) <= maxLink && l.String() == url
}

// within bounds items, of which it takes as many as have room. The list is never
// nil: readers want empty lists.
func within[T any](items []T, room int, bound func(T) T) []T {
	out := []T{}
	for _, item := range items {
		item = bound(item)
		b, err := indented(item, "        ")
		if room -= len(b) + 10; err != nil || room < 0 {
			break
		}
		out = append(out, item)
	}
	return out
}

func boundedFinding(f check.Finding) check.Finding {
	f.Path, f.Message, f.Advice = Cut(f.Path, maxShort), Cut(f.Message, maxText), Cut(f.Advice, maxText)
	return f
}

func boundedStep(s Step) Step {
	s.Detail, s.Hint = Cut(s.Detail, maxText), Cut(s.Hint, maxText)
	return s
}

func boundedJar(j Jar) Jar {
	j.Name, j.Path = Cut(j.Name, maxShort), Cut(j.Path, maxShort)
	return j
}

func boundedVerdict(v check.Verdict) check.Verdict {
	v.Reasons = slices.Clone(v.Reasons[:min(len(v.Reasons), 20)])
	for i, reason := range v.Reasons {
		v.Reasons[i] = Cut(reason, maxShort)
	}
	return v
}

func boundedImage(i *Image) *Image {
	if i == nil {
		return nil
	}
	c := *i
	c.Reference, c.ByDigest = Cut(c.Reference, maxShort), Cut(c.ByDigest, maxShort)
	if i.Base != nil {
		b := *i.Base
		b.Name, b.Pinned = Cut(b.Name, maxShort), Cut(b.Pinned, maxShort)
		c.Base = &b
	}
	return &c
}
