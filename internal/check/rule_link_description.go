package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
)

var linkDescription = Rule{
	ID:       "link-description",
	Severity: Warning,
	Summary:  "the description in the link is at most 50 words of letters, digits, spaces and , ; .",
	Why:      "The guide allows no more; Glue Studio shows it to the subscriber.",
	Source:   "AWS guide, step 4: connectorDescription (AWS's own links have dashes)",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		if !ok {
			return
		}
		if !onlyRunes(l.Description, " ,;.") {
			fs.add("", connector.Position{}, fmt.Sprintf("connector-description %s holds other characters than letters, digits, spaces, commas, semicolons and dots", quote(l.Description)),
				"Leave them out.")
		}
		if n := len(strings.Fields(l.Description)); n > 50 {
			fs.add("", connector.Position{}, fmt.Sprintf("connector-description has %d words", n), "Keep it to 50 words.")
		}
	},
}
