package report

import (
	"cmp"
	"fmt"
	"strings"

	"glue-connector/internal/trial"
)

// How many tables have a fold of their own, and how many tests of one are looked at
// for what they read.
const (
	maxFolds = 10
	maxShown = 100
)

// testSection is the test matrix at a glance: a row a runner and Glue version.
func (r *Report) testSection() section {
	if len(r.Tests) == 0 {
		return section{}
	}
	return section{
		thing: "test matrix", share: 8, n: len(r.Tests), more: "| %d more | | |\n",
		head: "#### Test matrix\n\n| ran on | passed | cost |\n|---|---|---:|\n",
		row: func(i int) string {
			t := r.Tests[i]
			return fmt.Sprintf("| **%s** | %s | %s |\n", cmp.Or(Prose(Cut(t.On, 100)), "?"), passed(t), cmp.Or(together(cost(t)), "–"))
		},
	}
}

// testSections are, for each runner and Glue version, the guide's table and what was
// read.
func (r *Report) testSections(most int) (all []section) {
	for _, t := range r.Tests[:min(len(r.Tests), maxFolds)] {
		all = append(all, tableSection(t, most), readSection(t))
	}
	return all
}

// passed says how many tests passed, with a symbol and in words.
func passed(t trial.Table) string {
	icon := "✅"
	switch {
	case t.Count(trial.NotPassed) > 0:
		icon = "❌"
	case t.Count(trial.Passed) == 0:
		return "➖ none was run"
	}
	s := fmt.Sprintf("%s %d of %d", icon, t.Count(trial.Passed), tested(t))
	if n := t.Count(trial.NotTested); n > 0 {
		s += fmt.Sprintf(", %d not run", n)
	}
	return s
}

// tableSection is the guide's table, under the guide's own first row.
func tableSection(t trial.Table, most int) section {
	all := rows(t)
	return section{
		thing: "test", share: 20, n: len(all), more: "| %d more | | | |\n", foot: "\n</details>\n",
		head: fmt.Sprintf("<details><summary>Tests on %s: %s</summary>\n\n| Test Name | Tested | Passed | Jobrun Id |\n|---|:---:|:---:|---|\n", cmp.Or(Prose(Cut(t.On, 200)), "?"), passed(t)),
		row: func(i int) string {
			o := all[i]
			name := cmp.Or(Prose(Cut(o.Test, 100)), "?")
			if o.Why != "" {
				name += "<br>" + Prose(Cut(o.Why, most))
			}
			tested, pass := marks(o.Verdict)
			return fmt.Sprintf("| %s | %s | %s | %s |\n", name, tested, pass, runCell(o))
		},
	}
}

// marks are the guide's x and -, Y and N, with symbols and words.
func marks(v trial.Verdict) (tested, passed string) {
	switch v {
	case trial.Passed:
		return "x", "✅&nbsp;yes"
	case trial.NotPassed:
		return "x", "❌&nbsp;**no**"
	case trial.NotTested:
		return "–", "➖&nbsp;not run"
	}
	return "–", "does not apply"
}

// runCell is the run with links to it and to its log, as short as can be: the id has
// 67 characters.
func runCell(o trial.Outcome) string {
	if o.RunID == "" {
		return "–"
	}
	id := Code(Cut(o.RunID, 10))
	if runURL().MatchString(o.URL) {
		id = "[" + id + "](" + o.URL + ")"
	}
	if logURL().MatchString(o.LogURL) {
		id += " · [log](" + o.LogURL + ")"
	}
	return id
}

// readSection is what was expected and what was read: once for tests that passed and
// read the same.
func readSection(t trial.Table) section {
	type row struct {
		names            []string
		expected, actual string
	}
	var all []row
	index := map[string]int{} // of what tests that passed read
	for _, o := range t.Outcomes[:min(len(t.Outcomes), maxShown)] {
		r := row{[]string{Cut(o.Test, 100)}, reading(o.Expected), reading(o.Actual)}
		if o.Verdict != trial.Passed && o.Verdict != trial.NotPassed || r.expected+r.actual == "" {
			continue
		}
		if o.Verdict == trial.Passed {
			if i, ok := index[r.actual]; ok {
				all[i].names = append(all[i].names, r.names...)
				continue
			}
			index[r.actual], r.expected = len(all), ""
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return section{}
	}
	return section{
		thing: "result", share: 15, n: len(all), more: "- and %d more\n", foot: "\n</details>\n",
		head: fmt.Sprintf("<details><summary>Schemas and counts on %s</summary>\n\n", cmp.Or(Prose(Cut(t.On, 200)), "?")),
		row: func(i int) string {
			var names []string
			for _, name := range all[i].names {
				names = append(names, cmp.Or(Prose(name), "?"))
			}
			s := "- **" + strings.Join(names, ", ") + "**<br>"
			if all[i].expected != "" {
				s += "expected " + Code(Cut(all[i].expected, 1000)) + "<br>"
			}
			return s + "read " + cmp.Or(Code(Cut(all[i].actual, 1000)), "nothing") + "\n"
		},
	}
}
