package check

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

var listingLength = Rule{
	ID:       "listing-length",
	Severity: Error,
	Summary:  "the texts of the version in AWS Marketplace are there, and no longer than AWS takes",
	Why:      "The Marketplace refuses the version, hours after the change set was started.",
	Source:   "AWS Marketplace Catalog API, shape of AddDeliveryOptions for ContainerProduct@1.0",
	Check: func(s *Subject, fs *Findings) {
		for _, t := range s.listingTexts() {
			switch n := utf8.RuneCountInString(t.text); {
			case strings.TrimSpace(t.text) == "" && !t.optional:
				fs.add("", nowhere, fmt.Sprintf("missing: %s (AWS: %s)", t.name, t.code), "Give "+t.input+".")
			case t.most > 0 && n > t.most:
				fs.add("", nowhere, fmt.Sprintf("too long: %s, with %d characters where AWS takes %d (%s)", t.name, n, t.most, t.code), "Shorten "+t.input+".")
			}
		}
		if s.Listing == nil {
			return
		}
		for _, o := range s.Listing.Options {
			if n := len(o.Resources); n > 4 {
				fs.add("", nowhere, fmt.Sprintf("the delivery option %s has %d deployment resources, and AWS takes 4", quote(o.Title), n), "Leave some of deployment-resources out.")
			}
		}
	},
}
