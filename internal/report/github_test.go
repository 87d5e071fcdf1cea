package report

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	ghtml "github.com/yuin/goldmark/renderer/html"
)

// gfm renders as GitHub does before it cleans up: raw HTML passes.
var gfm = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(ghtml.WithUnsafe()))

func render(t testing.TB, markdown string) string {
	t.Helper()
	var b strings.Builder
	if err := gfm.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// frames are the places in Markdown where text of others stands, at %.
var frames = map[string]string{
	"paragraph": "%\n",
	"cell":      "| a | b |\n|---|---|\n| % | z |\n",
	"list":      "- %\n- z\n",
	"item":      "- a: %<br>→ %\n",
	"strong":    "- **%**: z\n",
	"link":      "- **[%](https://github.com/a/b)** z\n",
	"heading":   "### a %: z\n\ny\n",
	"details":   "<details><summary>a</summary>\n\n%\n\n| b |\n|---|\n| % |\n\n</details>\n\nz\n",
}

// checkMarkdown places text into the frames: nothing but <code> may be there that
// would not be there for a harmless word, people must read the text as it is, and
// GitHub's filters must find nothing in it.
func checkMarkdown(t *testing.T, markdown, text string) {
	t.Helper()
	for name, frame := range frames {
		wantTags, wantText := split(render(t, strings.ReplaceAll(frame, "%", "@")))
		out := render(t, strings.ReplaceAll(frame, "%", markdown))
		tags, got := split(out)
		outside := strings.Join(tags, "")
		for _, code := range []string{"<code>", "</code>"} {
			outside = strings.ReplaceAll(outside, code, "")
		}
		if diff := cmp.Diff(strings.Join(wantTags, ""), outside); diff != "" {
			t.Errorf("%s of %+q: elements\n%s%s", name, text, diff, out)
		}
		if diff := cmp.Diff(blanks(strings.ReplaceAll(wantText, "@", text)), blanks(got)); diff != "" {
			t.Errorf("%s of %+q: text\n%s%s", name, text, diff, out)
		}
		for _, link := range links(out) {
			t.Errorf("%s of %+q: GitHub makes a link of %q\n%s", name, text, link, out)
		}
	}
}

// A tag of rendered HTML; a "<" that is text is escaped there.
var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	comment = regexp.MustCompile(`<!--.*?-->`)
)

// split divides rendered HTML into its tags and its text.
func split(out string) (tags []string, text string) {
	out = comment.ReplaceAllString(out, "")
	return tag.FindAllString(out, -1), html.UnescapeString(tag.ReplaceAllString(out, ""))
}

func blanks(s string) string { return strings.Join(strings.Fields(s), " ") }

// What GitHub looks for in text after references are decoded: mentions, issues,
// commits, URLs, emoji and mathematics outside of <code>, and mail addresses
// everywhere (cmark-gfm's autolink extension looks at each node of text, in raw
// HTML too).
var (
	filters = regexp.MustCompile(`(?i)@|#\d|\bgh-\d|\b[0-9a-f]{7,40}\b|://|www\.\w|:[\w+-]+:|\$`)
	mail    = regexp.MustCompile(`[A-Za-z0-9.+_-]@`)
)

// links finds what GitHub would make links of in rendered HTML.
func links(out string) []string {
	var found []string
	inCode, position := false, 0
	look := func(node string) {
		node = html.UnescapeString(node)
		if m := mail.FindString(node); m != "" {
			found = append(found, m)
		}
		if m := filters.FindString(node); m != "" && !inCode {
			found = append(found, m)
		}
	}
	for _, at := range tag.FindAllStringIndex(out, -1) {
		look(out[position:at[0]])
		switch out[at[0]:at[1]] {
		case "<code>":
			inCode = true
		case "</code>":
			inCode = false
		}
		position = at[1]
	}
	look(out[position:])
	return found
}

// legible shows <code> as Markdown does, and references as what they stand for.
func legible(markdown string) string {
	markdown = strings.NewReplacer("<code>", "`", "</code>", "`", "<!-- -->", "").Replace(markdown)
	return html.UnescapeString(markdown)
}

// The model of GitHub finds what it is there for.
func TestLinks(t *testing.T) {
	for in, want := range map[string][]string{
		"<p>a <code>@b #1 https://x</code></p>":       nil,
		"<p>hi &#64;b</p>":                            {"@"},
		"<p>see #1</p>":                               {"#1"},
		"<p><code>a&#64;b.example</code></p>":         {"a@"},
		"<p><code>a<!-- -->&#64;b.example</code></p>": nil,
		"<td>https://x</td><td>deadbeef</td>":         {"://", "deadbeef"},
	} {
		if diff := cmp.Diff(want, links(in)); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
}
