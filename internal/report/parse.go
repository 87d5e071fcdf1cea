package report

import (
	_ "embed"
	stdjson "encoding/json"
	"fmt"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/google/jsonschema-go/jsonschema"

	"glue-connector/internal/connector"
)

// JSONSchema describes the JSON report, with the bounds that Parse holds it to.
//
//go:embed report.schema.json
var JSONSchema string

// Parse reads a report that anyone may have written: the job that comments on a
// fork's pull request gets it from a run of the fork's own code. What it takes
// has the schema's form and bounds, and a link that is ours; what it says may
// still be a lie, and its faces show it as text.
func Parse(b []byte) (*Report, error) {
	if len(b) > MaxJSON {
		return nil, fmt.Errorf("reading the report: %d bytes, more than %d", len(b), MaxJSON)
	}
	r := &Report{}
	// This reader refuses names that come twice and bytes that are no UTF-8.
	if err := json.Unmarshal(b, r, json.RejectUnknownMembers(true)); err != nil {
		return nil, refused(err)
	}
	schema, err := compiled()
	if err != nil {
		return nil, fmt.Errorf("compiling the schema of reports: %w", err)
	}
	var value any
	if err = json.Unmarshal(b, &value); err == nil {
		err = schema.Validate(value)
	}
	if err != nil {
		return nil, refused(err)
	}
	if r.Link == nil {
		return r, nil
	}
	l, err := connector.ParseLink(r.Link.URL)
	if err != nil {
		return nil, refused(err)
	}
	if l.String() != r.Link.URL {
		return nil, fmt.Errorf("reading the report: its link is not written as ours are")
	}
	r.Link = NewLink(l)
	return r, nil
}

// refused keeps what others wrote from the log: only its first visible part is
// in the error.
func refused(err error) error {
	return fmt.Errorf("reading the report: %s", Line(Cut(err.Error(), 300)))
}

var compiled = sync.OnceValues(func() (*jsonschema.Resolved, error) {
	var schema jsonschema.Schema
	if err := stdjson.Unmarshal([]byte(JSONSchema), &schema); err != nil {
		return nil, err
	}
	return schema.Resolve(nil)
})
