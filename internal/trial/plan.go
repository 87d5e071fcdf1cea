package trial

import (
	"encoding/json"
	"slices"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
)

// DefaultPath is where a plan is looked for.
const DefaultPath = "glue-tests.yaml"

// MaxPlanSize is the largest plan that is read, in bytes.
const MaxPlanSize = 256 << 10

// Plan is what glue-tests.yaml says, for a connector of one kind and class.
type Plan struct {
	Path     string
	Kind     Kind
	Class    string
	Problems []Problem

	// Options are the data source's, by Glue's names, for all tests.
	Options []Option
	Secret  Secret
	// Connection names a connection of the account's Data Catalog, "" if there
	// is none.
	Connection string
	// Versions are the Glue versions to test on.
	Versions []glue.Version
	Expect   Expect
	// Sink is what DataSink writes to: options besides, or in place of, Options.
	Sink []Option
	// Tests are what the plan says of tests of the guide, by name.
	Tests map[string]Case
	// Own are tests of the plan's own: they read with options of their own.
	Own []Case
}

// Problem is something wrong with a plan.
type Problem struct {
	At connector.Position
	// Message and Advice are plain text; what the plan says stands in the
	// message quoted, in ASCII, and is never a secret.
	Message, Advice string
}

// Option is one of a data source's options: a text, or a map such as
// dataTypeMapping.
type Option struct {
	Name  string
	Value string
	Map   []Option // nil for a text
	At    connector.Position
}

// Secret is by reference only.
type Secret struct {
	// ID is the name or ARN of a secret in AWS Secrets Manager, "" if there is
	// none.
	ID string
	// Env has, by key of the secret, the environment variable that holds the
	// value for the runner local.
	Env []Option
	At  connector.Position
}

// None tells that there is no secret.
func (s Secret) None() bool { return s.ID == "" && len(s.Env) == 0 }

// Case is what a plan says of one test.
type Case struct {
	Name    string
	Off     bool // the test is left out
	Options []Option
	Sink    []Option
	Expect  Expect
	At      connector.Position
}

// Expect is what a trial is to bring. What is nil is not looked at.
type Expect struct {
	Schema     []Column `json:"schema,omitempty"`
	Count      *int64   `json:"count,omitempty"`
	Partitions *int     `json:"partitions,omitempty"`
}

// Column is one column of a schema, its type in Spark's spelling: bigint,
// decimal(10,2), array<string>.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// value gives the text of an option, "" if there is none.
func value(options []Option, name string) string {
	if i := slices.IndexFunc(options, func(o Option) bool { return o.Name == name }); i >= 0 {
		return options[i].Value
	}
	return ""
}

func has(options []Option, name string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Name == name })
}

// merge puts options over others; their order is that of the first mention.
func merge(under, over []Option) []Option {
	out := slices.Clone(under)
	for _, o := range over {
		if i := slices.IndexFunc(out, func(u Option) bool { return u.Name == o.Name }); i >= 0 {
			out[i] = o
		} else {
			out = append(out, o)
		}
	}
	return out
}

func without(options []Option, names ...string) []Option {
	return slices.DeleteFunc(slices.Clone(options), func(o Option) bool { return slices.Contains(names, o.Name) })
}

// Ref is a pointer to a value that may be missing.
func Ref[T any](v T) *T { return &v }

// clone is a deep copy; an expectation is small, and JSON of it cannot fail.
func (e Expect) clone() Expect {
	b, _ := json.Marshal(e)
	var c Expect
	_ = json.Unmarshal(b, &c)
	return c
}

// Option gives the text of one of the data source's options, "" if there is
// none.
func (p *Plan) Option(name string) string { return value(p.Options, name) }

// ConnectionName is the connection's name in scripts.
func (p *Plan) ConnectionName() string { return p.connection() }
