package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
)

var linkJDBCURL = Rule{
	ID:       "link-jdbc-url",
	Severity: Error,
	Summary:  "a JDBC connector's link has URL templates with unique titles, and their delimiter",
	Why:      "Glue Studio builds the subscriber's connection form from them.",
	Source:   "AWS guide, step 4: connectionAccessJdbcURLFormat, connectionAccessJdbcURLParamsDelimiter",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		if !ok {
			return
		}
		nowhere := connector.Position{}
		given := len(l.JDBCURLs) > 0 || l.Delimiter != ""
		t, known := connector.LinkType(l.Type)
		switch {
		case known && t != connector.TypeJDBC && given:
			fs.addAs(Warning, "", nowhere, "JDBC URL templates are given for a connector that is not of type Jdbc", "Leave jdbc-url-formats and jdbc-url-delimiter out.")
			return
		case t != connector.TypeJDBC && !given:
			return
		}
		if len(l.JDBCURLs) == 0 {
			fs.add("", nowhere, "a JDBC connector needs at least one JDBC URL template",
				"Give jdbc-url-formats, for example: username_password=jdbc:example://${host}/${database}?user=${Username}&password=${Password}")
		}
		if l.Delimiter == "" {
			fs.add("", nowhere, "a JDBC connector needs the delimiter of its URL parameters", "Give jdbc-url-delimiter, for example & or ;")
		}
		titles := map[string]bool{}
		for _, u := range l.JDBCURLs {
			if problem, advice := templateProblem(u, titles); problem != "" {
				fs.add("", nowhere, fmt.Sprintf("JDBC URL template %s %s", quote(u.String()), problem), advice)
			}
			titles[u.Title] = true
		}
	},
}

func templateProblem(u connector.JDBCURL, titles map[string]bool) (problem, advice string) {
	switch {
	case strings.TrimSpace(u.Title) == "", strings.HasPrefix(u.Title, "jdbc:"):
		return "has no title", "Write title=template; the title is what the subscriber chooses from, such as username_password."
	case titles[u.Title]:
		return "repeats the title of another one", "Give each template a title of its own."
	case !strings.HasPrefix(u.Template, "jdbc:"):
		return "does not begin with jdbc:", "Write title=jdbc:..., as the driver expects its URL."
	}
	return "", ""
}
