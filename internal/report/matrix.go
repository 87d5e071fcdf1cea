package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"glue-connector/internal/trial"
	"sync"
)

// rows are a table with all tests of the guide's for its runner, in the guide's order,
// and behind them those of the plan's own. A test of the guide that does not apply to
// the connector has an outcome without a verdict.
func rows(t trial.Table) []trial.Outcome {
	var out []trial.Outcome
	guide := map[string]bool{}
	for _, test := range trial.Tests {
		if len(test.In(t.Runner)) == 0 {
			continue
		}
		guide[test.Title()] = true
		i := slices.IndexFunc(t.Outcomes, func(o trial.Outcome) bool { return o.Test == test.Title() })
		switch {
		case i >= 0:
			out = append(out, t.Outcomes[i])
		case slices.Contains(test.In(t.Runner), t.Kind):
			out = append(out, trial.Outcome{Test: test.Title(), Verdict: trial.NotTested})
		default:
			out = append(out, trial.Outcome{Test: test.Title()})
		}
	}
	for _, o := range t.Outcomes[:min(len(t.Outcomes), maxRows)] {
		if !guide[o.Test] {
			out = append(out, o)
		}
	}
	return out
}

// tested counts the tests of a table that were run.
func tested(t trial.Table) int { return t.Count(trial.Passed) + t.Count(trial.NotPassed) }

// dpuSeconds is what all runs of a table cost.
func dpuSeconds(t trial.Table) (sum float64) {
	for _, o := range t.Outcomes {
		sum += min(max(o.DPUSeconds, 0), 1e9)
	}
	return sum
}

// cost is what runs cost in words, "" if nothing: 1,240 DPU-seconds.
func cost(t trial.Table) string {
	if d := dpuSeconds(t); d > 0 {
		return thousands(int64(d+0.5)) + " DPU-seconds"
	}
	return ""
}

// thousands writes a number with commas.
func thousands(n int64) string {
	digits := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, parts...), ",")
}

// The console's pages of a run and of its log, and nothing else: a report may be
// anyone's.
const consoleHost = `^https://[a-z0-9-]{1,40}\.console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)`

var (
	runURL = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(consoleHost + `/gluestudio/home\?region=[a-z0-9-]{1,40}#/job/[A-Za-z0-9._-]{1,255}/run/jr_[0-9a-f]{1,80}$`)
	})
	logURL = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(consoleHost + `/cloudwatch/home\?region=[a-z0-9-]{1,40}#logsV2:log-groups/log-group/[A-Za-z0-9$._-]{1,300}/log-events/jr_[0-9a-f]{1,80}$`)
	})
)

// reading is what was read in words: 10 records; id int, name string.
func reading(e trial.Expect) string {
	var parts []string
	if e.Count != nil {
		unit := " records"
		if *e.Count == 1 {
			unit = " record"
		}
		parts = append(parts, thousands(*e.Count)+unit)
	}
	if e.Partitions != nil {
		parts = append(parts, Plural(*e.Partitions, "partition"))
	}
	if s := schemaLine(e.Schema, 1000); s != "" {
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// schemaLine is a schema on one line, of not many more characters than most.
func schemaLine(columns []trial.Column, most int) string {
	var b strings.Builder
	shown := 0
	for _, c := range columns {
		if b.Len() > most {
			break
		}
		if shown++; shown > 1 {
			b.WriteString(", ")
		}
		b.WriteString(Cut(c.Name, 100) + " " + Cut(c.Type, 200))
	}
	if more := len(columns) - shown; more > 0 {
		fmt.Fprintf(&b, ", and %d more", more)
	}
	return b.String()
}

// TestsLine sums a table up in one line.
func TestsLine(t trial.Table) string {
	line := fmt.Sprintf("%s: %d of %s passed", t.On, t.Count(trial.Passed), Plural(tested(t), "test"))
	if n := t.Count(trial.NotTested); n > 0 {
		line += fmt.Sprintf(", %d not run", n)
	}
	if c := cost(t); c != "" {
		line += ", " + c
	}
	return line
}

// TestsText is a table for a terminal or a log.
func TestsText(t trial.Table, p Palette) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s%s\n", p.Bold, Line(TestsLine(t)), p.Reset)
	for _, o := range t.Outcomes {
		mark, colour := "-", p.Dim
		switch o.Verdict {
		case trial.Passed:
			mark, colour = "✓", p.Green
		case trial.NotPassed:
			mark, colour = "✗", p.Red
		}
		text := fmt.Sprintf("  %s%s %-22s%s %s", colour, mark, Line(o.Test), p.Reset, Line(strings.TrimSpace(o.RunID+" "+o.Why)))
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	return b.String()
}
