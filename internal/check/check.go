// Package check holds the rules that a connector is judged by: one rule a file,
// all of them in one literal list, each with a fixture under testdata/check.
//
// A finding is data. The package does no I/O and returns no errors: whatever a
// publisher can get wrong is a finding, a malformed file included.
package check

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
	"glue-connector/internal/trial"
	"glue-connector/internal/unpack"
)

// Subject is what the rules look at. A part that is nil or zero was not asked
// for, and the rules about it stay silent.
type Subject struct {
	Connector *connector.Connector
	// Unpacked is what Glue's unpacker makes of the image in the registry.
	Unpacked *unpack.Result
	// Listing is the version that is to be added in AWS Marketplace.
	Listing *connector.Listing
	// Market is the same beside the product as AWS has it.
	Market *Market
	// Plan is the test plan, and Tests are what came of it.
	Plan  *trial.Plan
	Tests []trial.Table
	// Glue are the versions that must load the connector; none: any in service.
	Glue []glue.Version
	// Draft tells that it is not said yet where the image goes.
	Draft bool
	// Publish tells that the image is meant for subscribers, now.
	Publish bool
	// Now is the time of the run.
	Now time.Time

	loaders map[int]*loader // by Java release
	links   map[[2]int]bool // see linksScala
}

// Market is a version that is to be added, and the product that it is for.
type Market struct {
	Listing *connector.Listing
	Product *connector.Product
}

// Severity says what a finding means for the connector (design D7).
type Severity string

// The severities. An error breaks a customer's job or is refused by AWS; a
// warning breaks a rule of the guide that published connectors break as well,
// or is likely a mistake.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is one thing that is wrong with a connector.
type Finding struct {
	Rule     string             `json:"rule"`
	Severity Severity           `json:"severity"`
	Path     string             `json:"path,omitempty"` // slash-separated, "" if it is about no file
	At       connector.Position `json:"at,omitzero"`
	Message  string             `json:"message"` // what is wrong; may quote untrusted text, in ASCII
	Advice   string             `json:"advice"`  // what to do
}

// String is the one-line form of logs and tests.
func (f Finding) String() string {
	where := f.Path
	if f.At.Line > 0 {
		where = fmt.Sprintf("%s:%d:%d", f.Path, f.At.Line, f.At.Column)
	}
	if where != "" {
		where += ": "
	}
	return fmt.Sprintf("%s%s: %s [%s]", where, f.Severity, f.Message, f.Rule)
}

// Rule is one check. It holds no state: Check may be called at any time.
type Rule struct {
	// ID names the rule, its file (rule_<id>.go) and its fixture.
	ID string
	// Severity is the severity of its findings, unless a finding says otherwise.
	Severity Severity
	// Summary says in half a line what must hold.
	Summary string
	// Why says what happens at the customer, or at AWS, if it does not hold.
	Why string
	// Source is where the rule comes from.
	Source string
	Check  func(*Subject, *Findings)
}

// Findings collects what a rule finds.
type Findings struct {
	rule *Rule
	list []Finding
}

// add reports a finding with the rule's own severity. Message and advice are
// plain text; untrusted parts of the message come through quote.
func (fs *Findings) add(path string, at connector.Position, message, advice string) {
	fs.addAs(fs.rule.Severity, path, at, message, advice)
}

func (fs *Findings) addAs(s Severity, path string, at connector.Position, message, advice string) {
	fs.list = append(fs.list, Finding{
		Rule: fs.rule.ID, Severity: s, Path: path, At: at, Message: message, Advice: advice,
	})
}

// advise gives advice that takes a look at everything: only as long as it is
// shown to somebody.
func (fs *Findings) advise(long func() string, otherwise string) string {
	if len(fs.list) >= maxAdvised {
		return otherwise
	}
	return long()
}

// maxAdvised is for how many findings of a rule a search is made.
const maxAdvised = 5

// MaxFindings bounds the findings of one rule, so that a hostile connector
// cannot drown the others.
const MaxFindings = 100

// Run applies every rule and returns the findings sorted: errors first, then
// by place and rule. Strict turns warnings into errors.
func Run(s *Subject, strict bool) []Finding {
	var all []Finding
	for i := range Rules {
		fs := &Findings{rule: &Rules[i]}
		Rules[i].Check(s, fs)
		all = append(all, bounded(fs)...)
	}
	if strict {
		for i := range all {
			all[i].Severity = Error
		}
	}
	slices.SortStableFunc(all, compare)
	return all
}

func bounded(fs *Findings) []Finding {
	if more := len(fs.list) - MaxFindings; more > 0 {
		fs.list = fs.list[:MaxFindings]
		fs.add("", connector.Position{}, fmt.Sprintf("%d more findings of this rule are not shown", more),
			"Mend the ones shown and run again.")
	}
	return fs.list
}

func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Severity, b.Severity), // "error" < "warning"
		cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.At.Line, b.At.Line),
		cmp.Compare(a.At.Column, b.At.Column),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Message, b.Message),
	)
}

// Count tells how many findings have a severity.
func Count(fs []Finding, s Severity) int {
	n := 0
	for _, f := range fs {
		if f.Severity == s {
			n++
		}
	}
	return n
}
