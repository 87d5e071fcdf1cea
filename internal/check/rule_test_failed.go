package check

import (
	"fmt"
	"strconv"

	"glue-connector/internal/connector"
	"glue-connector/internal/trial"
)

var testFailed = Rule{
	ID:       "test-failed",
	Severity: Error,
	Summary:  "the guide's tests that apply to the connector, and the plan's own, pass where they were run",
	Why:      "AWS asks for the results of these tests before it lists a connector, and a customer's job would fail likewise.",
	Source:   "AWS's guide, steps 5 and 6",
	Check: func(s *Subject, fs *Findings) {
		for _, t := range s.Tests {
			for _, o := range t.Outcomes {
				if o.Verdict == trial.NotPassed {
					fs.add(s.planPath(), connector.Position{}, testMessage(t, o), o.Advice)
				}
			}
		}
	},
}

func testMessage(t trial.Table, o trial.Outcome) string {
	message := fmt.Sprintf("%s on %s: %s", o.Test, t.On, o.Why)
	if o.Line != "" {
		message += "; the log says " + strconv.QuoteToASCII(o.Line)
	}
	return message
}

func (s *Subject) planPath() string {
	if s.Plan == nil {
		return ""
	}
	return s.Plan.Path
}
