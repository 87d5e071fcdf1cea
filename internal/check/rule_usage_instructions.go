package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
)

var usageInstructions = Rule{
	ID:       "usage-instructions",
	Severity: Error,
	Summary:  "the usage instructions have the link in them, and fewer than 4,000 characters",
	Why:      "The Marketplace refuses longer ones, hours after the change set was started; without the link nobody can activate the connector.",
	Source:   "AWS Marketplace Catalog API, AddDeliveryOptions: UsageInstructions; AWS guide, step 4",
	Check: func(s *Subject, fs *Findings) {
		if s.Listing != nil {
			for _, o := range s.Listing.Options {
				checkInstructions(fs, o)
			}
			return
		}
		l, ok := s.link()
		if !ok {
			return
		}
		if n := len(connector.UsageInstructions(l.String())); n >= 4000 {
			fs.add("", nowhere, fmt.Sprintf("the usage instructions with the activation link have %d characters", n),
				"Leave out JDBC URL templates, or shorten them.")
		}
	},
}

func checkInstructions(fs *Findings, o connector.DeliveryOption) {
	if n := len(o.Instructions); n >= 4000 {
		fs.add("", nowhere, fmt.Sprintf("the usage instructions of %s have %d characters with the activation link (AWS: INVALID_USAGE_INSTRUCTIONS)", quote(o.Title), n),
			"Shorten usage-instructions, or the JDBC URL templates in the link.")
	}
	if o.Link != nil && o.Link.URL != "" && !strings.Contains(o.Instructions, o.Link.String()) {
		fs.add("", nowhere, fmt.Sprintf("the usage instructions of %s do not have the activation link", quote(o.Title)),
			"Write {link} where it belongs, for example [Activate the Glue connector]({link}).")
	}
}
