package check

import (
	"fmt"
	"regexp"
	"strings"

	"glue-connector/internal/connector"
)

var linkJDBCPlaceholder = Rule{
	ID:       "link-jdbc-placeholder",
	Severity: Error,
	Summary:  "placeholders are written ${Name}, those of the credentials exactly ${Username} and ${Password}",
	Why:      "Glue Studio asks for and encrypts exactly these two; another spelling puts the password into plain text.",
	Source:   "AWS guide, step 4: connectionAccessJdbcURLFormat",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		if !ok {
			return
		}
		for _, u := range l.JDBCURLs {
			for _, p := range placeholderProblems(u.Template) {
				fs.add("", connector.Position{}, fmt.Sprintf("JDBC URL template %s: %s", quote(u.String()), p),
					"Write ${Name} for what the subscriber fills in, and ${Username} and ${Password} for the credentials.")
			}
		}
	},
}

var (
	placeholder = regexp.MustCompile(`\$\{([^{}]*)\}`)
	credentials = regexp.MustCompile(`(?i)^(user|username|user_name|userid|uid|pass|passwd|password|pwd)$`)
)

func placeholderProblems(template string) []string {
	var problems []string
	for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
		name := m[1]
		switch {
		case strings.TrimSpace(name) == "":
			problems = append(problems, "a placeholder has no name")
		case credentials.MatchString(name) && name != "Username" && name != "Password":
			problems = append(problems, fmt.Sprintf("placeholder %s is not spelt as Glue Studio needs it", quote("${"+name+"}")))
		}
	}
	rest := placeholder.ReplaceAllString(template, "")
	switch {
	case strings.Contains(rest, "${"):
		problems = append(problems, "a placeholder is not closed")
	case strings.Contains(rest, "{Username}"), strings.Contains(rest, "{Password}"):
		problems = append(problems, "a placeholder has lost its $")
	}
	return problems
}
