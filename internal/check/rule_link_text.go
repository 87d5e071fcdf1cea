package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
)

var linkText = Rule{
	ID:       "link-text",
	Severity: Error,
	Summary:  "no value of the link holds a quotation mark, a backslash or an invisible character",
	Why:      "The link wraps each value in quotation marks, and how Glue Studio reads one inside is not known.",
	Source:   "AWS guide, step 4",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		if !ok {
			return
		}
		for _, v := range linkValues(l) {
			r, invisible := hidden(v.text)
			switch {
			case invisible:
				fs.add("", connector.Position{}, fmt.Sprintf("%s %s holds the invisible character %U", v.input, quote(v.text), r), "Remove it.")
			case strings.Contains(v.text, `"`):
				fs.add("", connector.Position{}, fmt.Sprintf("%s %s holds a quotation mark", v.input, quote(v.text)), "Leave it out.")
			case strings.Contains(v.text, `\`):
				fs.addAs(Warning, "", connector.Position{}, fmt.Sprintf("%s %s holds a backslash", v.input, quote(v.text)),
					"Try the link in Glue Studio, or leave the backslash out.")
			}
		}
	},
}

type linkValue struct{ input, text string }

// linkValues names each value of a link by the input that gives it.
func linkValues(l *connector.Link) []linkValue {
	values := []linkValue{
		{"connector-name", l.Name}, {"connector-type", l.Type}, {"connector-description", l.Description},
		{"connector-url", l.URL}, {"connector-version", l.Version}, {"connector-class-name", l.ClassName},
	}
	for _, u := range l.JDBCURLs {
		values = append(values, linkValue{"jdbc-url-formats", u.String()})
	}
	return append(values, linkValue{"jdbc-url-delimiter", l.Delimiter})
}
