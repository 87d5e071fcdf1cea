package report

import (
	"fmt"
	"strings"

	"glue-connector/internal/check"
)

// GlueLine sums up in one line which Glue versions can load a connector.
func GlueLine(verdicts []check.Verdict) string {
	var yes, no []string
	for _, v := range verdicts {
		if v.Loads {
			yes = append(yes, v.Glue)
		} else {
			no = append(no, fmt.Sprintf("%s (%s)", v.Glue, strings.Join(v.Reasons, "; ")))
		}
	}
	var parts []string
	if len(yes) > 0 {
		parts = append(parts, "can load on Glue "+strings.Join(yes, ", "))
	}
	if len(no) > 0 {
		parts = append(parts, "cannot load on Glue "+strings.Join(no, ", "))
	}
	return strings.Join(parts, "; ")
}

// markdownGlue is the matrix: a row a version, with symbols and words.
func (r *Report) markdownGlue() string {
	if len(r.Glue) == 0 {
		return ""
	}
	return "| Glue | can load it | runs |\n|---|---|---|\n" +
		rows(r.Glue, maxOtherList, "| %d more | | |\n", func(v check.Verdict) string {
			loads := "✅ yes"
			if !v.Loads {
				loads = "❌ no: " + Prose(Cut(strings.Join(v.Reasons, "; "), 500))
			}
			return fmt.Sprintf("| %s | %s | %s |\n", v.Glue, loads, v.Runs)
		})
}
