package trial

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Marker begins a line with a result, if the nonce of the job follows it: other
// output, and the data that a script reads, cannot know the nonce.
const Marker = "glue-connector-result:"

// maxResult bounds a result that is read, in bytes.
const maxResult = 4 << 20

// Result is what a script tells of itself. Everything in it is the word of code
// that is not ours: the connector runs in the same process.
type Result struct {
	Nonce      string   `json:"nonce"`
	Test       string   `json:"test"`
	Schema     []Column `json:"schema,omitempty"`
	Count      *int64   `json:"count,omitempty"`
	Partitions *int     `json:"partitions,omitempty"`
	// Back counts what was read back: of storage in ReadWrite; in DataSink, what
	// the sink has more than before.
	Back    *int64  `json:"back,omitempty"`
	Seconds float64 `json:"seconds"`
	// Error is the exception's text with the JVM's stack, "" if there was none.
	Error string `json:"error,omitempty"`
}

// ReadResult reads a result as a script writes it to --result: of this test and
// with this nonce, or an error.
func ReadResult(object []byte, test, nonce string) (*Result, error) {
	if len(object) > maxResult {
		return nil, fmt.Errorf("reading the result of %s: more than %d bytes", test, maxResult)
	}
	var r Result
	// A decoder takes what stands in front of other output on the line.
	if err := json.NewDecoder(strings.NewReader(string(object))).Decode(&r); err != nil {
		return nil, fmt.Errorf("reading the result of %s: %w", test, err)
	}
	if r.Nonce != nonce || r.Test != test {
		return nil, fmt.Errorf("reading the result of %s: it is the result of another run or test", test)
	}
	if err := r.possible(); err != nil {
		return nil, fmt.Errorf("reading the result of %s: %w", test, err)
	}
	for i, c := range r.Schema {
		if t, ok := canonicalType(c.Type); ok {
			r.Schema[i].Type = t
		}
	}
	return &r, nil
}

// possible refuses numbers that nothing can have.
func (r *Result) possible() error {
	for _, n := range []*int64{r.Count, r.Back} {
		if n != nil && (*n < -1<<53 || *n > 1<<53 || n == r.Count && *n < 0) {
			return fmt.Errorf("%d rows", *n)
		}
	}
	if r.Partitions != nil && (*r.Partitions < 0 || *r.Partitions > 1_000_000) {
		return fmt.Errorf("%d partitions", *r.Partitions)
	}
	if r.Seconds < 0 || r.Seconds > 1e6 {
		return fmt.Errorf("%g seconds", r.Seconds)
	}
	return nil
}

// FindResult finds the result of a test in a log, nil if there is none. A line
// with another nonce is none, and of two with this nonce the last one counts.
func FindResult(log, test, nonce string) *Result {
	if nonce == "" || !utf8.ValidString(nonce) {
		return nil
	}
	var last *Result
	mark := Marker + nonce + " "
	for line := range strings.Lines(log) {
		if _, after, ok := strings.Cut(line, mark); ok {
			if r, err := ReadResult([]byte(after), test, nonce); err == nil {
				last = r
			}
		}
	}
	return last
}
