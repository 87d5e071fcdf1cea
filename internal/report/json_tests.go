package report

import "glue-connector/internal/trial"

// The most tables of a report, and the most columns of a schema in one.
const (
	maxTables  = 20
	maxColumns = 200
)

// boundedTests bounds tables and their outcomes, and counts those left out.
func boundedTests(tables []trial.Table, omitted *int) (out []trial.Table) {
	room := roomTests
	for i, t := range tables {
		all := t.Outcomes
		if i >= maxTables {
			*omitted += len(all)
			continue
		}
		t.On = Cut(t.On, maxShort)
		t.Outcomes = within(all, room, boundedOutcome)
		*omitted += len(all) - len(t.Outcomes)
		b, _ := indented(t.Outcomes, "    ")
		room -= len(b)
		out = append(out, t)
	}
	return out
}

func boundedOutcome(o trial.Outcome) trial.Outcome {
	o.Test, o.Note, o.RunID = Cut(o.Test, 100), Cut(o.Note, maxShort), Cut(o.RunID, 100)
	o.Why, o.Line, o.Advice = Cut(o.Why, maxText), Cut(o.Line, maxText), Cut(o.Advice, maxText)
	o.URL, o.LogURL = Cut(o.URL, maxText), Cut(o.LogURL, maxText)
	o.Expected.Schema, o.Actual.Schema = boundedSchema(o.Expected.Schema), boundedSchema(o.Actual.Schema)
	return o
}

func boundedSchema(columns []trial.Column) (out []trial.Column) {
	for _, c := range columns[:min(len(columns), maxColumns)] {
		out = append(out, trial.Column{Name: Cut(c.Name, maxShort), Type: Cut(c.Type, maxShort)})
	}
	return out
}
