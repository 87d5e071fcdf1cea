package check

import (
	"fmt"
	"strconv"
	"strings"
)

var listingTextRule = Rule{
	ID:       "listing-text",
	Severity: Error,
	Summary:  "the texts of the version in AWS Marketplace are plain ASCII, and begin with a character that shows",
	Why:      "The Marketplace refuses the version, hours after the change set was started: Remove unsupported characters.",
	Source:   "AWS Marketplace Catalog API, AddDeliveryOptions: INVALID_INPUT, INVALID_VERSION_TITLE, INVALID_RELEASE_NOTES",
	Check: func(s *Subject, fs *Findings) {
		for _, t := range s.listingTexts() {
			if r, at, ok := unsupported(t.text); ok {
				fs.add("", nowhere, fmt.Sprintf("the character %s at %d of %s (AWS: %s, \"Remove unsupported characters\")", strconv.QuoteRuneToASCII(r), at, t.name, t.code),
					"Write plain ASCII in "+t.input+": no typographic quotation marks or dashes, accents or emoji.")
			} else if strings.TrimLeft(t.text, " \t\r\n") != t.text {
				fs.add("", nowhere, fmt.Sprintf("a blank at the beginning of %s (AWS: %s)", t.name, t.code), "Leave out the blank at the beginning of "+t.input+".")
			}
		}
	},
}

// unsupported finds the first character that is no ASCII, or a control character
// other than a line end or a tab, and its place, from 1.
func unsupported(s string) (r rune, at int, ok bool) {
	n := 0
	for _, r := range s {
		n++
		if r > 0x7e || r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return r, n, true
		}
	}
	return 0, 0, false
}
