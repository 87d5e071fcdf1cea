package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
)

var linkName = Rule{
	ID:       "link-name",
	Severity: Warning,
	Summary:  "the connector's name in the link is made of letters, digits and spaces",
	Why:      "It becomes the name of the subscriber's connector in Glue Studio, at most 255 bytes.",
	Source:   "AWS guide, step 4: connectorName (AWS's own links have dots)",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		switch {
		case !ok:
		case strings.TrimSpace(l.Name) == "":
			fs.addAs(Error, "", connector.Position{}, "the link has no connector name", "Give connector-name, for example: Virtual Company Simple DB.")
		case len(l.Name) > 255:
			fs.addAs(Error, "", connector.Position{}, fmt.Sprintf("the connector's name has %d bytes, and Glue takes 255", len(l.Name)), "Shorten connector-name.")
		case !onlyRunes(l.Name, " "):
			fs.add("", connector.Position{}, fmt.Sprintf("connector-name %s holds other characters than letters, digits and spaces", quote(l.Name)), "Leave them out.")
		case strings.TrimSpace(l.Name) != l.Name:
			fs.add("", connector.Position{}, fmt.Sprintf("connector-name %s begins or ends with a blank", quote(l.Name)), "Leave it out.")
		}
	},
}
