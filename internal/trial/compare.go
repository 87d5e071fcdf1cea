package trial

import (
	"fmt"
	"slices"
	"strings"
)

// compare holds the result to what is expected.
func (o *Outcome) compare(r Result) {
	var wrong []string
	e := o.Expected
	if e.Count != nil && (r.Count == nil || *r.Count != *e.Count) {
		wrong = append(wrong, fmt.Sprintf("%s expected, and %s came", rowsText(e.Count), rowsText(r.Count)))
	}
	if r.Back != nil && r.Count != nil && *r.Back != *r.Count {
		wrong = append(wrong, fmt.Sprintf("%s written, and %s came back", rowsText(r.Count), rowsText(r.Back)))
	}
	if e.Partitions != nil && (r.Partitions == nil || *r.Partitions != *e.Partitions) {
		wrong = append(wrong, fmt.Sprintf("%d partitions expected, and %d came", *e.Partitions, deref(r.Partitions)))
	}
	if e.Schema != nil {
		wrong = append(wrong, schemaDifferences(e.Schema, r.Schema)...)
	}
	if len(wrong) == 0 {
		o.Verdict = Passed
		return
	}
	o.Why = strings.Join(wrong, "; ")
	o.Advice = "If what came is right, mend expect in the plan; else the connector reads or writes other data than it should."
}

func rowsText(n *int64) string {
	switch {
	case n == nil:
		return "no count"
	case *n == 1:
		return "1 row"
	}
	return fmt.Sprintf("%d rows", *n)
}

func deref(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// maxDifferences is how many differences of two schemas are told one by one.
const maxDifferences = 10

// schemaDifferences compares columns by name; their order is the reader's to
// choose.
func schemaDifferences(want, got []Column) (all []string) {
	for _, w := range want {
		i := slices.IndexFunc(got, func(c Column) bool { return c.Name == w.Name })
		switch {
		case i < 0:
			all = append(all, fmt.Sprintf("column %s is missing", quote(w.Name)))
		case got[i].Type != w.Type:
			all = append(all, fmt.Sprintf("column %s is %s and not %s", quote(w.Name), quote(got[i].Type), w.Type))
		}
	}
	for _, g := range got {
		if !slices.ContainsFunc(want, func(c Column) bool { return c.Name == g.Name }) {
			all = append(all, fmt.Sprintf("column %s, of type %s, is not expected", quote(g.Name), quote(g.Type)))
		}
	}
	if more := len(all) - maxDifferences; more > 0 {
		all = append(all[:maxDifferences], fmt.Sprintf("%d more differences of the schema", more))
	}
	return all
}
