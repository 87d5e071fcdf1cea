package connector

import (
	"regexp"
	"strings"
	"sync"
)

// linkInText is a link within a text. Blanks and brackets end it, as in Markdown and
// in angle brackets.
var linkInText = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`https://(?:[a-z0-9-]+\.)?console\.aws\.amazon\.com/gluestudio/home[^\s()<>\[\]]*#[^\s()<>\[\]]*`)
})

// FindLinks finds the activation links in usage instructions.
func FindLinks(text string) (links []string) {
	for _, at := range placesOfLinks(text) {
		links = append(links, text[at[0]:at[1]])
	}
	return links
}

// ReplaceLinks puts a link in the place of each that a text has, and tells whether
// it has any.
func ReplaceLinks(text, link string) (string, bool) {
	var b strings.Builder
	end := 0
	for _, at := range placesOfLinks(text) {
		b.WriteString(text[end:at[0]] + link)
		end = at[1]
	}
	return b.String() + text[end:], end > 0
}

func placesOfLinks(text string) [][]int {
	all := linkInText().FindAllStringIndex(text, -1)
	for _, at := range all {
		link := strings.TrimRight(text[at[0]:at[1]], ".,;:!?'*`")
		if strings.HasSuffix(link, `"`) && strings.Count(link, `"`)%2 == 1 {
			link = link[:len(link)-1] // it closes what the link stands in
		}
		at[1] = at[0] + len(link)
	}
	return all
}
