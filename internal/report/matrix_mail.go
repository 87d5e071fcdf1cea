package report

import (
	"cmp"
	"fmt"
	"strings"

	"glue-connector/internal/trial"
)

// TestReport is the test matrix to be mailed to AWS: the template of the guide's
// glueJobValidation/README.md filled in, with the schemas and counts that it asks for
// besides. It is Markdown that reads as text.
func (r *Report) TestReport() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Validation of %s\n\n", cmp.Or(cell(r.Connector.ClassName, 300), "a connector"))
	for _, f := range []struct{ name, value string }{
		{"Connector type", r.Connector.Type}, {"Version", r.Connector.Version}, {"Publisher", r.Connector.Publisher}, {"Commit", r.Commit},
	} {
		if f.value != "" {
			fmt.Fprintf(&b, "- %s: %s\n", f.name, cell(f.value, 300))
		}
	}
	if !r.Started.IsZero() {
		fmt.Fprintf(&b, "- Date: %s\n", r.Started.UTC().Format("2006-01-02"))
	}
	for _, t := range r.Tests {
		mailTable(&b, t)
	}
	return b.String()
}

// cell is text for one line, and for one cell of a table.
func cell(s string, most int) string { return strings.ReplaceAll(Line(Cut(s, most)), "|", "/") }

func mailTable(b *strings.Builder, t trial.Table) {
	fmt.Fprintf(b, "\n## %s\n\n", cell(t.On, 300))
	switch {
	case t.Runner != trial.Glue:
		b.WriteString("These tests ran on the publisher's machine, not in the AWS Glue job system.\n\n")
	case t.Published:
		b.WriteString("The connector was taken from AWS Marketplace, through a connection.\n\n")
	default:
		b.WriteString("The connector's jars were given to the job by --extra-jars.\n\n")
	}
	b.WriteString("| Test Name | Tested | Passed | Jobrun Id |\n|---|:----:|:----:|:----:|\n")
	all := rows(t)
	for _, o := range all {
		tested, passed := "-", "-"
		switch o.Verdict {
		case trial.Passed:
			tested, passed = "x", "Y"
		case trial.NotPassed:
			tested, passed = "x", "N"
		}
		fmt.Fprintf(b, "|%s| %s | %s | %s |\n", cell(o.Test, 100), tested, passed, cmp.Or(cell(o.RunID, 100), "-"))
	}
	for _, o := range all {
		switch o.Verdict {
		case trial.NotTested:
			fmt.Fprintf(b, "\n### %s\n\n- not run: %s\n", cell(o.Test, 100), cmp.Or(cell(o.Why, 500), "-"))
		case trial.Passed, trial.NotPassed:
			fmt.Fprintf(b, "\n### %s\n\n", cell(o.Test, 100))
			for _, line := range evidence(o) {
				fmt.Fprintf(b, "- %s: %s\n", line[0], cell(line[1], 5000))
			}
		}
	}
	if c := cost(t); c != "" {
		fmt.Fprintf(b, "\nCost of all runs: %s.\n", c)
	}
}

// evidence is what the guide asks for of each test, in the words of AWS's script.
func evidence(o trial.Outcome) (lines [][2]string) {
	count := func(e trial.Expect) string {
		if e.Count == nil {
			return "-"
		}
		return fmt.Sprint(*e.Count)
	}
	schema := func(e trial.Expect) string { return cmp.Or(schemaLine(e.Schema, 4000), "-") }
	lines = [][2]string{
		{"expected schema", schema(o.Expected)}, {"result schema", schema(o.Actual)},
		{"expected record count", count(o.Expected)}, {"result record count", count(o.Actual)},
	}
	if o.Verdict == trial.NotPassed {
		lines = append(lines, [2]string{"why it failed", cmp.Or(o.Why, "-")})
		if o.Line != "" {
			lines = append(lines, [2]string{"log", o.Line})
		}
	}
	return lines
}
