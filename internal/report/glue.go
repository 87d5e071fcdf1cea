package report

import (
	"fmt"
	"strings"

	"glue-connector/internal/check"
)

// GlueStep sums up in one line which Glue versions can load a connector. Its mark
// is theirs: that of a step which was done would be read as a yes.
func GlueStep(verdicts []check.Verdict) Step {
	answers := map[check.Answer]int{}
	for _, v := range verdicts {
		answers[v.Loads]++
	}
	s := Step{Name: "glue", Status: Done, Detail: glueLine(verdicts)}
	switch len(verdicts) {
	case answers[check.Yes]:
	case answers[check.No]:
		s.Says = check.No
	default:
		s.Says = check.Unknown
	}
	return s
}

func glueLine(verdicts []check.Verdict) string {
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

// glueSections are the matrix, a row a version, with symbols and words, and below
// it the reasons for what is not yes: a matrix with reasons in it cannot be read
// at a glance, and one with a column a version does not fit on a phone.
func (r *Report) glueSections() []section {
	if len(r.Glue) == 0 {
		return nil
	}
	beyond := r.omitted().Glue
	return []section{{
		thing: "Glue version", share: 30, n: len(r.Glue), beyond: beyond, more: "| %d more | |\n",
		head: "| Glue | loads it? |\n|---|---|\n",
		row: func(i int) string {
			v := r.Glue[i]
			loads, ok := map[check.Answer]string{check.Yes: "✅ yes", check.No: "❌ **no**"}[v.Loads]
			if !ok {
				loads = "❓ unknown"
			}
			return fmt.Sprintf("| **%s** | %s |\n", Prose(Cut(v.Glue, 20)), loads)
		},
	}, r.glueReasons()}
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
			runs := ""
			for _, v := range versions[reasons[i]][:min(len(versions[reasons[i]]), 20)] {
				names, runs = append(names, Prose(Cut(v.Glue, 20))), Prose(Cut(v.Runs, 100))
			}
			if len(names) > 1 || runs == "" {
				return fmt.Sprintf("- **Glue %s**: %s\n", strings.Join(names, ", "), Prose(Cut(reasons[i], 500)))
			}
			return fmt.Sprintf("- **Glue %s** (%s): %s\n", names[0], runs, Prose(Cut(reasons[i], 500)))
		},
	}
}
