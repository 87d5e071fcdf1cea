package check

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"glue-connector/internal/connector"
)

var linkText = Rule{
	ID:       "link-text",
	Severity: Error,
	Summary:  "the link has each parameter once and no other, and no quotation mark, backslash or invisible character in a value",
	Why:      "The link wraps each value in quotation marks, and how Glue Studio reads one inside is not known.",
	Source:   "AWS guide, step 4",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		if !ok {
			return
		}
		said := map[string]bool{}
		for _, d := range l.Defects {
			severity, problem, advice := linkDefect(d)
			if !said[problem] {
				fs.addAs(severity, "", connector.Position{}, problem, advice)
			}
			said[problem] = true
		}
		for _, v := range linkValues(l) {
			r, severity, invisible := hiddenInValue(v.text, v.input == "connector-name" || v.input == "connector-description")
			if v.input == "connector-name" && (r == '\n' || r == '\r') {
				severity = Error // names of Glue connections are of one line
			}
			switch {
			case !utf8.ValidString(v.text):
				fs.add("", connector.Position{}, fmt.Sprintf("%s %s is not UTF-8", v.input, quote(v.text)), "Write it in UTF-8; browsers do not decode the link.")
			case invisible:
				fs.addAs(severity, "", connector.Position{}, fmt.Sprintf("%s %s holds the invisible character %U", v.input, quote(v.text), r), "Remove it.")
			case strings.Contains(v.text, `"`):
				fs.add("", connector.Position{}, fmt.Sprintf("%s %s holds a quotation mark", v.input, quote(v.text)), "Leave it out.")
			case strings.Contains(v.text, `\`):
				fs.addAs(Warning, "", connector.Position{}, fmt.Sprintf("%s %s holds a backslash", v.input, quote(v.text)),
					"Try the link in Glue Studio, or leave the backslash out.")
			}
		}
	},
}

func linkDefect(d connector.LinkDefect) (severity Severity, problem, advice string) {
	switch d.Kind {
	case connector.LinkRepeated:
		return Error, fmt.Sprintf("the link has the parameter %s more than once", quote(d.Text)), "Keep one: which of them Glue Studio takes is not known."
	case connector.LinkUnknown:
		if strings.HasPrefix(d.Text, "amp;") {
			return Error, "the link has &amp; where & divides the parameters", "Write & alone: &amp; belongs into the source of an HTML page."
		}
		return Warning, fmt.Sprintf("the link has a parameter %s that Glue Studio does not know", quote(d.Text)),
			"Leave it out, or write its name exactly as the guide does."
	default:
		return Warning, fmt.Sprintf("the link holds the character %s as it is", quote(d.Text)),
			"Encode it, as %20 for a blank and %23 for #: Markdown, browsers and mail programs cut links there."
	}
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
