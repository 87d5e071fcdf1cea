package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var usageInstructions = Rule{
	ID:       "usage-instructions",
	Severity: Error,
	Summary:  "the usage instructions with the link have fewer than 4,000 characters",
	Why:      "The Marketplace refuses the version, hours after the change set was started.",
	Source:   "AWS Marketplace Catalog API, AddDeliveryOptions: UsageInstructions",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		if !ok {
			return
		}
		if n := len(connector.UsageInstructions(l.String())); n >= 4000 {
			fs.add("", connector.Position{}, fmt.Sprintf("the usage instructions with the activation link have %d characters", n),
				"Leave out JDBC URL templates, or shorten them.")
		}
	},
}
