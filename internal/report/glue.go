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

// glueSections are the matrix, a column a version, with symbols and words, and
// below it the reasons for what is not yes.
func (r *Report) glueSections() []section {
	if len(r.Glue) == 0 {
		return nil
	}
	shown := r.Glue[:min(len(r.Glue), 20)]
	head, rule, loads := "| Glue |", "|---|", "| **loads?** |"
	for _, v := range shown {
		head += " " + Prose(Cut(v.Glue, 20)) + " |"
		rule += ":---:|"
		loads += " " + map[check.Answer]string{check.Yes: "✅ yes", check.No: "❌ no"}[v.Loads]
		if v.Loads != check.Yes && v.Loads != check.No {
			loads += "❔ unknown"
		}
		loads += " |"
	}
	matrix := section{thing: "Glue matrix", share: 30, head: head + "\n" + rule + "\n" + loads + "\n"}
	if more := len(r.Glue) + r.omitted().Glue - len(shown); more > 0 {
		matrix.head += fmt.Sprintf("\nand %s\n", Plural(more, "more version"))
	}
	return []section{matrix, r.glueReasons()}
}

// glueReasons says once what is true of several versions.
func (r *Report) glueReasons() section {
	var reasons []string
	versions := map[string][]check.Verdict{}
	for _, v := range r.Glue {
		for _, reason := range v.Reasons {
			if versions[reason] == nil {
				reasons = append(reasons, reason)
			}
			versions[reason] = append(versions[reason], v)
		}
	}
	if len(reasons) == 0 {
		return section{}
	}
	return section{
		thing: "reason", share: 10, n: len(reasons), more: "- and %d more\n",
		head: "#### Why not\n\n",
		row: func(i int) string {
			var names []string
			for _, v := range versions[reasons[i]][:min(len(versions[reasons[i]]), 20)] {
				names = append(names, Prose(Cut(v.Glue, 20)))
			}
			return fmt.Sprintf("- **Glue %s**: %s\n", strings.Join(names, ", "), Prose(Cut(reasons[i], 500)))
		},
	}
}
