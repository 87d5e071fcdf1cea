package product

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"glue-connector/internal/connector"
)

// Product is what is to be created, by the keys of its fields.
type Product struct {
	values map[string][]Value
	at     map[string]connector.Position // of the keys
}

// Value is a text, or an item of a list.
type Value struct {
	Text string
	URL  string             // of a link
	At   connector.Position // zero if it is a flag's
}

// Problem is something that AWS would refuse, or a file that cannot be read.
type Problem struct {
	Key     string // of the field, "" if it is about none
	At      connector.Position
	Message string // in ASCII
	Advice  string
}

func (p Problem) String() string {
	if p.At.Line == 0 {
		return p.Message
	}
	return fmt.Sprintf("%d:%d: %s", p.At.Line, p.At.Column, p.Message)
}

// Set gives a field the values of a flag, in place of those in a file. A link is
// text=URL.
func (p *Product) Set(key string, values []string) {
	f, _ := find(key)
	var all []Value
	for _, v := range values {
		value := Value{Text: v}
		if f.Kind == Links {
			value.Text, value.URL, _ = strings.Cut(v, "=")
		}
		all = append(all, value)
	}
	if p.values == nil {
		p.values = map[string][]Value{}
	}
	p.values[key] = all
}

// Text is the value of a field that has one, "" if there is none.
func (p *Product) Text(key string) string {
	if len(p.values[key]) == 0 {
		return ""
	}
	return p.values[key][0].Text
}

// Values are those of a field.
func (p *Product) Values(key string) []Value { return p.values[key] }

// List are the texts of a field.
func (p *Product) List(key string) []string {
	all := []string{}
	for _, v := range p.values[key] {
		all = append(all, v.Text)
	}
	return all
}

// ascii is what the Marketplace takes in texts: no blank first, and no control
// characters but line ends and tabs.
var ascii = late(`^[!-~][\n\t -~]*$`)

// Check finds what AWS would refuse.
func (p *Product) Check() (all []Problem) {
	if p == nil {
		return nil // there is nothing to look at
	}
	for _, f := range Fields {
		values := p.values[f.Key]
		say := func(at connector.Position, advice, format string, args ...any) {
			all = append(all, Problem{f.Key, at, fmt.Sprintf(format, args...), advice})
		}
		if len(values) == 0 || len(values) == 1 && strings.TrimSpace(values[0].Text) == "" {
			if !f.Optional {
				say(p.at[f.Key], "Give "+f.Key+": "+f.Help, "%s is missing (AWS: Provide %s.)", f.Key, f.AWS)
			}
			continue
		}
		if n := len(values); f.Kind != Text && n > f.Items {
			say(p.at[f.Key], "Leave some out.", "%s has %d items, and AWS takes %d", f.Key, n, f.Items)
		}
		for i, v := range values {
			f.check(v, say)
			if slices.ContainsFunc(values[:i], func(b Value) bool { return b.Text == v.Text }) {
				say(v.At, "Leave one of the two out.", "%s has %s twice", f.Key, quote(v.Text))
			}
		}
	}
	if n := len(strings.Join(p.List("search-keywords"), "")); n > 250 {
		all = append(all, Problem{"search-keywords", p.at["search-keywords"], fmt.Sprintf("search-keywords have %d characters together (AWS: Search keywords must be no more than 250 combined characters.)", n), "Leave some out: the names of seller, product and categories are found anyway."})
	}
	return all
}

func (f Field) check(v Value, say func(at connector.Position, advice, format string, args ...any)) {
	if n := utf8.RuneCountInString(v.Text); n > f.Most {
		say(v.At, "Shorten it.", "%s has %d characters, and AWS takes %d", f.Key, n, f.Most)
	}
	switch {
	case f.Kind != Links && f.pattern != nil:
		if !f.pattern().MatchString(v.Text) {
			say(v.At, "Write "+f.form+".", "%s: %s is not %s", f.Key, quote(v.Text), f.form)
		}
		return
	case strings.TrimSpace(v.Text) == "":
		say(v.At, "Leave it out, or write a text.", "%s has an empty text", f.Key)
	case strings.TrimLeft(v.Text, " \t\n") != v.Text:
		say(v.At, "Leave out the blank at the beginning.", "%s begins with a blank", f.Key)
	case !ascii().MatchString(v.Text):
		r, at := odd(v.Text)
		say(v.At, "Write plain ASCII: no typographic quotation marks or dashes, accents or emoji.", "the character %s at %d of %s (AWS: INVALID_INPUT, Remove unsupported characters)", strconv.QuoteRuneToASCII(r), at, f.Key)
	}
	if f.Kind == Links && !f.pattern().MatchString(v.URL) {
		say(v.At, "Write each with a text and a URL.", "%s: %s is no URL (AWS: INVALID_ADDITIONAL_RESOURCES)", f.Key, quote(v.URL))
	}
}

// odd is the first character that AWS does not take, and its place, from 1.
func odd(s string) (r rune, at int) {
	for _, r = range s {
		if at++; r > '~' || r < ' ' && r != '\n' && r != '\t' {
			return r, at
		}
	}
	return 0, 0
}

func quote(s string) string {
	if r := []rune(s); len(r) > 120 {
		s = string(r[:120]) + "..."
	}
	return strconv.QuoteToASCII(s)
}
