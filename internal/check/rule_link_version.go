package check

import (
	"fmt"
	"unicode/utf8"

	"glue-connector/internal/connector"
)

var linkVersion = Rule{
	ID:       "link-version",
	Severity: Warning,
	Summary:  "the version in the link is made of digits and dots, at most 36 characters",
	Why:      "Glue Studio shows it to the subscriber, who cannot edit it.",
	Source:   "AWS guide, step 4: connectorVersion (AWS's own links have 1.0.0-glue3.0)",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		switch {
		case !ok:
		case l.Version == "":
			// ClickHouse's published link has none.
			fs.add("", connector.Position{}, "the link has no version", "Give connector-version, or version in config.json.")
		case utf8.RuneCountInString(l.Version) > 36:
			fs.addAs(Error, "", connector.Position{}, fmt.Sprintf("the link's version %s is longer than 36 characters", quote(l.Version)), "Shorten connector-version.")
		case connector.LinkVersion(l.Version) != l.Version || l.Version[0] < '0' || l.Version[0] > '9':
			fs.add("", connector.Position{}, fmt.Sprintf("the link's version %s is not made of numbers and dots", quote(l.Version)), "Give connector-version, for example 1.0.0.")
		}
	},
}
