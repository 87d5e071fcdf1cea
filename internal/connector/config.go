package connector

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
