package report

import (
	"fmt"
	"strings"

	"glue-connector/internal/check"
)

// GlueLine sums up in one line which Glue versions can load a connector.
func GlueLine(verdicts []check.Verdict) string {
	says := map[check.Answer]string{check.Yes: "can load on Glue ", check.No: "cannot load on Glue ", check.Unknown: "unknown for Glue "}
	type group struct{ answer, reasons string }
	var order []group // of versions with one answer for one reason
	versions := map[group][]string{}
	for _, v := range verdicts {
		g := group{says[v.Loads], strings.Join(v.Reasons, "; ")}
		if versions[g] == nil {
			order = append(order, g)
		}
		versions[g] = append(versions[g], v.Glue)
	}
	var parts []string
	for _, g := range order {
		part := g.answer + strings.Join(versions[g], ", ")
		if g.reasons != "" {
			part += " (" + g.reasons + ")"
		}
		parts = append(parts, part)
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
			loads := map[check.Answer]string{check.Yes: "✅ yes", check.No: "❌ no: ", check.Unknown: "❔ unknown: "}[v.Loads]
			loads += Prose(Cut(strings.Join(v.Reasons, "; "), 500))
			return fmt.Sprintf("| %s | %s | %s |\n", v.Glue, loads, v.Runs)
		})
}
