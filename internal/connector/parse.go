package connector

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// ParseConfig reads a config.json. It never fails: what is wrong with the file
// is in Defects. Files over MaxConfigSize are not looked into.
func ParseConfig(path string, raw []byte) *Config {
	c := &Config{Path: path, Raw: raw}
	if len(raw) > MaxConfigSize {
		c.defect(DefectTooLarge, 0, "the file is larger than 64 KiB")
		return c
	}
	if wide(raw) {
		c.defect(DefectUTF16, 0, "the file is UTF-16 or UTF-32")
		return c
	}
	body, start := raw, 0
	if rest, ok := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf")); ok {
		c.defect(DefectBOM, 0, "the file begins with a byte order mark")
		body, start = rest, 3
	}
	c.checkUTF8(body, start)
	strict := c.parse(body, start, false)
	if strict == nil {
		return c
	}
	// Read on without the check of UTF-8, to see all the rest.
	c.Members = nil
	if err := c.parse(body, start, true); err != nil {
		c.syntaxDefect(err, start, DefectSyntax)
	} else if !c.has(DefectEncoding) {
		// A lone surrogate (\ud800) is fine as bytes and as grammar, and still no text.
		c.syntaxDefect(strict, start, DefectSurrogate)
	}
	return c
}

// wide tells UTF-16 and UTF-32 by a byte order mark, or by the zero byte that
// each has among the first two characters of a JSON object (RFC 4627, section 3).
func wide(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) ||
		bytes.IndexByte(raw[:min(len(raw), 2)], 0) >= 0
}

func (c *Config) has(kind DefectKind) bool {
	return slices.ContainsFunc(c.Defects, func(d Defect) bool { return d.Kind == kind })
}

func (c *Config) parse(body []byte, start int, anyUTF8 bool) error {
	d := jsontext.NewDecoder(bytes.NewReader(body),
		jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(anyUTF8))
	t, err := d.ReadToken()
	if err != nil {
		return err
	}
	if t.Kind() != '{' {
		c.defect(DefectSyntax, start, "the file holds no JSON object")
		return nil
	}
	for d.PeekKind() != '}' {
		t, err := d.ReadToken()
		if err != nil {
			return err
		}
		m := Member{Name: t.String(), At: c.tokenStart(d, start)}
		if m.Value, err = c.value(d, start); err != nil {
			return err
		}
		c.Members = append(c.Members, m)
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	end := start + int(d.InputOffset())
	if _, err := d.ReadToken(); err == nil {
		blanks := len(c.Raw[end:]) - len(bytes.TrimLeft(c.Raw[end:], " \t\r\n"))
		c.defect(DefectSyntax, end+blanks, "something follows the JSON object")
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (c *Config) value(d *jsontext.Decoder, start int) (Value, error) {
	raw, err := d.ReadValue()
	if err != nil {
		return Value{}, err
	}
	at := start + int(d.InputOffset()) - len(raw)
	v := Value{At: c.position(at)}
	if depth(raw) > maxDepth && !c.has(DefectSyntax) {
		c.defect(DefectSyntax, at, "the value is nested more than 500 deep")
	}
	switch raw.Kind() {
	case 'n':
		v.Kind = Null
	case 't', 'f':
		v.Kind = Boolean
	case '0':
		v.Kind = Number
	case '{':
		v.Kind = Object
	case '[':
		v.Kind = Array
	default:
		v.Kind = String
		text, err := jsontext.AppendUnquote(nil, raw)
		if err != nil && !utf8.Valid(text) {
			return v, err
		}
		v.Text = string(text)
	}
	return v, nil
}

// depth is how deep objects and arrays are nested in a JSON value.
func depth(value jsontext.Value) int {
	deepest, now, inString := 0, 0, false
	for i, b := range value {
		switch {
		case b == '"' && !(inString && escaped(value[:i])):
			inString = !inString
		case inString:
		case b == '{', b == '[':
			now++
			deepest = max(deepest, now)
		case b == '}', b == ']':
			now--
		}
	}
	return deepest
}

// tokenStart is the position of the string token that the decoder has just
// read: its raw length is found by looking back for the opening quote.
func (c *Config) tokenStart(d *jsontext.Decoder, start int) Position {
	end := start + int(d.InputOffset()) - 1
	for i := end - 1; i >= start; i-- {
		if c.Raw[i] == '"' && !escaped(c.Raw[start:i]) {
			return c.position(i)
		}
	}
	return c.position(end)
}

// escaped tells whether what follows b inside a JSON string is escaped.
func escaped(b []byte) bool {
	n := 0
	for len(b) > 0 && b[len(b)-1] == '\\' {
		b, n = b[:len(b)-1], n+1
	}
	return n%2 == 1
}

func (c *Config) checkUTF8(body []byte, start int) {
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && n == 1 {
			c.defect(DefectEncoding, start+i, "the file is not UTF-8 from here on")
			return
		}
		i += n
	}
}

func (c *Config) syntaxDefect(err error, start int, kind DefectKind) {
	offset, text := len(c.Raw), "the file ends too early"
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		offset, text = start+int(e.ByteOffset), e.Err.Error()
	}
	c.defect(kind, offset, text)
}

func (c *Config) defect(kind DefectKind, offset int, text string) {
	c.Defects = append(c.Defects, Defect{Kind: kind, At: c.position(offset), Text: text})
}
