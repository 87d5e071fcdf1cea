package connector

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// The eight keys of config.json, all required by the guide (step 3).
const (
	KeyReleaseTimestamp   = "releasetimestamp"
	KeyConnectionType     = "connectiontype"
	KeyClassName          = "classname"
	KeyPublisherName      = "publishername"
	KeyConnectorType      = "connectortype"
	KeyVersion            = "version"
	KeyDescription        = "description"
	KeySupportInformation = "supportinformation"
)

// ConfigKeys lists the eight keys in the order of the guide's sample.
var ConfigKeys = []string{
	KeyReleaseTimestamp, KeyConnectionType, KeyClassName, KeyPublisherName,
	KeyConnectorType, KeyVersion, KeyDescription, KeySupportInformation,
}

// MaxConfigSize is the largest config.json that is read, in bytes. The samples
// have 400; more than this is no config but an attempt to keep a parser busy.
const MaxConfigSize = 64 << 10

// maxDepth is well below the 1,000 levels at which common readers give up
// (Jackson, and Python's json).
const maxDepth = 500

// Config is a config.json with the position of everything in it.
type Config struct {
	// Path is where it was found, slash-separated, for people.
	Path string
	// Raw is the file, byte for byte as it goes into the image.
	Raw []byte
	// Members are those of the top-level object in the order of the file,
	// repeated names included.
	Members []Member
	// Defects keep the file from being plain JSON; the members before the
	// first syntax defect are there all the same.
	Defects []Defect
}

// Member is one name and value of the top-level object.
type Member struct {
	Name  string
	At    Position
	Value Value
}

// Value is a JSON value. Text is set for strings only.
type Value struct {
	Kind Kind
	Text string
	At   Position
}

// Kind is the type of a JSON value, in JSON's own words.
type Kind string

// The kinds of RFC 8259.
const (
	Null    Kind = "null"
	Boolean Kind = "boolean"
	Number  Kind = "number"
	String  Kind = "string"
	Object  Kind = "object"
	Array   Kind = "array"
)

// Defect is a reason why a file is no JSON object as Glue's tools expect it.
type Defect struct {
	Kind DefectKind
	At   Position
	// Text says what is wrong; it may hold a few characters of the file.
	Text string
}

// DefectKind tells defects apart.
type DefectKind string

// The kinds of defects.
const (
	DefectSyntax    DefectKind = "syntax"
	DefectEncoding  DefectKind = "encoding"
	DefectUTF16     DefectKind = "UTF-16"    // nothing of the file is read
	DefectSurrogate DefectKind = "surrogate" // an escape such as \ud800 alone
	DefectBOM       DefectKind = "byte order mark"
	DefectTooLarge  DefectKind = "too large"
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

// Get returns the value of the first member with exactly this name. A nil
// Config, that of a file that could not be read, has none.
func (c *Config) Get(key string) (Value, bool) {
	if c == nil {
		return Value{}, false
	}
	for _, m := range c.Members {
		if m.Name == key {
			return m.Value, true
		}
	}
	return Value{}, false
}

// Text returns the string value of a key, or "" if it has none.
func (c *Config) Text(key string) string {
	v, _ := c.Get(key)
	return v.Text
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
