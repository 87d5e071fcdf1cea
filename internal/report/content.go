package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/connector"
)

func (r *Report) imageSection() section {
	if r.Image == nil {
		return section{}
	}
	var b strings.Builder
	b.WriteString("#### Image\n\n")
	if r.Image.Reference != "" {
		fmt.Fprintf(&b, "- %s\n", Code(Cut(r.Image.Reference, 500)))
	}
	fmt.Fprintf(&b, "- %s\n", Code(Cut(r.Image.Digest, 100)))
	fmt.Fprintf(&b, "- **%s** in %s: each Glue job downloads it at its start", Bytes(r.Image.Size), Plural(r.Image.Layers, "layer"))
	if r.Image.Uploaded > 0 {
		fmt.Fprintf(&b, "; %s were uploaded in this run", Bytes(r.Image.Uploaded))
	}
	b.WriteString("\n")
	if base := r.Image.Base; base != nil {
		fmt.Fprintf(&b, "- base image %s adds **%s** to every job start\n", Code(Cut(base.Pinned, 500)), Bytes(base.Size))
	}
	if s := r.SBOM; s != nil && s.Digest != "" {
		fmt.Fprintf(&b, "- its SBOM is beside it: %s\n", Code(Cut(s.Digest, 100)))
	}
	return section{thing: "image", share: 20, head: b.String()}
}

// listingSection is the version in AWS Marketplace, and how far it is.
func (r *Report) listingSection() section {
	l := r.Listing
	if l == nil {
		return section{}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "#### AWS Marketplace\n\n- version %s of product %s, %s\n", Code(Cut(l.VersionTitle, 200)), Code(Cut(l.Product, 100)), Plural(l.Options, "delivery option"))
	if l.ChangeSet != "" {
		fmt.Fprintf(&b, "- change set %s: **%s**\n", Code(Cut(l.ChangeSet, 100)), Code(Cut(l.Status, 50)))
	}
	return section{thing: "listing", share: 20, head: b.String()}
}

// changeSection is what changed since the image that was published before.
func (r *Report) changeSection() section {
	if r.Changes == nil || r.Previous == nil {
		return section{}
	}
	c := r.Changes
	n := len(c.Replaced) + len(c.Added) + len(c.Removed)
	head := "#### Changed since " + Code(Cut(r.since(), 500)) + "\n\n"
	grown := c.Size
	if r.Image != nil {
		grown = r.Image.Size - r.Previous.Size
	}
	summary := fmt.Sprintf("%s to download, %s the same", growth(grown, "as much"), Plural(c.Same, "jar"))
	if r.Image != nil && r.Image.Digest == r.Previous.Digest {
		summary = "nothing: it is the same image"
	}
	return section{
		thing: "change", share: 15, n: n, more: "- and %d more\n", head: head + "- " + summary + "\n",
		row: func(i int) string {
			if i < len(c.Replaced) {
				return replaced(c.Replaced[i])
			}
			i -= len(c.Replaced)
			mark, jars := "➕ added", c.Added
			if i >= len(jars) {
				mark, i, jars = "➖ removed", i-len(jars), c.Removed
			}
			return fmt.Sprintf("- %s %s, %s\n", mark, Code(Cut(jars[i].Name, 300)), Bytes(jars[i].Size))
		},
	}
}

// since names the previous image as shortly as can be: by its tag, if it is in the
// same repository.
func (r *Report) since() string {
	was := cmp.Or(r.Previous.Reference, r.Previous.Digest)
	if r.Image == nil {
		return was
	}
	old, okOld := connector.ParseReference(was)
	is, okIs := connector.ParseReference(r.Image.Reference)
	if okOld && okIs && old.Name() == is.Name() && old.Tag != is.Tag {
		return old.Tag
	}
	return was
}

func replaced(x Replacement) string {
	name := Code(Cut(x.Is.Name, 300))
	if x.Was.Name != x.Is.Name {
		name = Code(Cut(x.Was.Name, 300)) + " → " + name
	}
	return fmt.Sprintf("- 🔁 replaced %s, %s\n", name, growth(x.Is.Size-x.Was.Size, "of the same size"))
}

func growth(n int64, none string) string {
	switch {
	case n > 0:
		return Bytes(n) + " more"
	case n < 0:
		return Bytes(-n) + " less"
	}
	return none
}

// maxBars is how many jars the chart shows; the rest is one bar.
const maxBars = 10

// chartSection shows what the image's size is made of: a table, since a Mermaid
// chart would have others' names in a language of its own, and no text for those
// who cannot see it.
func (r *Report) chartSection() section {
	jars := slices.SortedStableFunc(slices.Values(r.jars()), func(a, b Jar) int { return cmp.Compare(b.Size, a.Size) })
	if len(jars) < 2 {
		return section{}
	}
	var total, rest int64
	for i, j := range jars {
		total += j.Size
		if i >= maxBars {
			rest += j.Size
		}
	}
	row := func(name string, size int64) string {
		return fmt.Sprintf("| %s | %s | %s %s |\n", name, together(Bytes(size)), bar(size, max(total, 1)), together(percent(size, total)))
	}
	n := min(len(jars), maxBars)
	s := section{
		thing: "bar", share: 15, n: n, foot: "\n</details>\n",
		head: fmt.Sprintf("<details><summary>What makes up %s: %s</summary>\n\n| jar | size | share |\n|---|---:|---|\n", Bytes(total), Plural(len(jars), "jar")),
		row:  func(i int) string { return row(Code(Cut(jars[i].Name, 100)), jars[i].Size) },
	}
	if len(jars) > maxBars {
		s.n, s.row = n+1, func(i int) string {
			if i == n {
				return row(Plural(len(jars)-n, "other"), rest)
			}
			return row(Code(Cut(jars[i].Name, 100)), jars[i].Size)
		}
	}
	return s
}

// together keeps the words of a text on one line.
func together(s string) string { return strings.ReplaceAll(s, " ", "&nbsp;") }

// bar is a bar of at most ten characters, in steps of an eighth; whatever is not
// nothing can be seen.
func bar(n, most int64) string {
	n = min(max(n, 0), most) // a report of others may hold sizes whose sum is none
	eighths := int(float64(n) / float64(most) * 80)
	if n > 0 {
		eighths = max(eighths, 1)
	}
	b := strings.Repeat("█", eighths/8)
	if eighths%8 > 0 {
		b += string([]rune(" ▏▎▍▌▋▊▉")[eighths%8])
	}
	return b
}

// percent is a share in whole percents.
func percent(n, total int64) string {
	p := float64(n) / float64(max(total, 1)) * 100
	if p < 1 && n > 0 {
		return "< 1 %"
	}
	return fmt.Sprintf("%.0f %%", p)
}

// linkSections are the activation link and what a subscriber sees behind it. Both
// are made of the link's parameters, read again: the report's own copies may be
// anyone's.
func (r *Report) linkSections() []section {
	if r.Link == nil {
		return nil
	}
	parsed, err := connector.ParseLink(r.Link.URL)
	if err != nil {
		return []section{{thing: "link", share: 20, head: "The activation link cannot be read: " + Code(Cut(r.Link.URL, 1000)) + "\n"}}
	}
	l := NewLink(parsed)
	if len(l.URL) > 100<<10 {
		return []section{{thing: "link", share: 20, head: "The activation link is too long to be shown.\n"}}
	}
	// The link is ASCII letters, digits, -._~ and percent signs behind a
	// constant beginning: the one untrusted text that may be a link.
	return []section{
		{thing: "link", share: 40, head: fmt.Sprintf("**[Activate the Glue connector from AWS Glue Studio](%s)**\n", l.URL)},
		{
			thing: "field of the form", share: 15, n: len(l.Form), more: "- and %d more\n", foot: "\n</details>\n",
			head: "<details><summary>What the subscriber's form in Glue Studio will show</summary>\n\n",
			row: func(i int) string {
				return fmt.Sprintf("- **%s**: %s\n", cmp.Or(Prose(Cut(l.Form[i].Field, 200)), "?"), Code(Cut(l.Form[i].Value, 2000)))
			},
		},
	}
}

// jarSection lists what a Glue job gets, with what a publisher compares.
func (r *Report) jarSection() section {
	jars, what := r.jars(), ""
	if r.Unpacked != nil {
		what = " that a Glue job gets"
	}
	known := slices.ContainsFunc(jars, func(j Jar) bool { return j.SHA256 != "" })
	if len(jars) == 0 || len(jars) > 1 && len(jars) <= maxBars && !known && r.omitted().Jars == 0 {
		return section{} // the chart shows it all
	}
	head, row, more := "| jar | size |\n|---|---:|\n", "| %s | %s |\n", "| %d more | |\n"
	if known {
		head, row, more = "| jar | size | SHA-256 |\n|---|---:|---|\n", "| %s | %s | %s |\n", "| %d more | | |\n"
	}
	return section{
		thing: "jar", share: 15, n: len(jars), beyond: r.omitted().Jars, more: more, foot: "\n</details>\n",
		head: "<details><summary>" + Plural(len(jars)+r.omitted().Jars, "jar") + what + "</summary>\n\n" + head,
		row: func(i int) string {
			cells := []any{Code(Cut(jars[i].Name, 300)), together(Bytes(jars[i].Size)), Code(Cut(jars[i].SHA256, 64))}
			return fmt.Sprintf(row, cells[:strings.Count(row, "%s")]...)
		},
	}
}

// stepSection lists what was done and skipped, but for what stands elsewhere.
func (r *Report) stepSection(most int) section {
	steps := slices.DeleteFunc(slices.Clone(r.Steps), func(s Step) bool {
		return s.Status == Broken || s.Status == Done && (s.Name == "jar" || s.Name == "link" || s.Name == "glue")
	})
	if len(steps) == 0 {
		return section{}
	}
	return section{
		thing: "step", share: 15, n: len(steps), beyond: r.omitted().Steps, more: "| %d more | |\n", foot: "\n</details>\n",
		head: "<details><summary>" + Plural(len(steps), "step") + "</summary>\n\n| step | |\n|---|---|\n",
		row: func(i int) string {
			s := steps[i]
			mark, state := "✅", ""
			if s.Status == Skipped {
				mark, state = "➖", "skipped: "
			}
			return fmt.Sprintf("| %s %s | %s%s%s |\n", mark, Prose(Cut(s.Name, 100)), state, Prose(Cut(s.Detail, most)), line("Do", Cut(s.Hint, most)))
		},
	}
}
