package check

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"glue-connector/internal/connector"
	"sync"
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
		if t, known := connector.LinkType(l.Type); known && t != connector.TypeJDBC {
			return // Glue Studio has no use for the templates
		}
		for _, u := range l.JDBCURLs {
			for _, p := range placeholderProblems(u.Template) {
				fs.addAs(p.severity, "", connector.Position{}, fmt.Sprintf("JDBC URL template %s: %s", quote(u.String()), p.text),
					"Write ${Name} for what the subscriber fills in, and ${Username} and ${Password} for the credentials.")
			}
		}
	},
}

var (
	placeholder = regexp.MustCompile(`\$\{([^{}]*)\}`)
	credentials = regexp.MustCompile(`(?i)^(user|username|user_name|userid|uid|pass|passwd|password|pwd)$`)
	// credential is a parameter for one of them, with a placeholder for its value.
	credential = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(?:^|[;?&,(:/ ])((user|username|userid|uid)|password|passwd|pwd)=\$\{([^{}]*)\}`)
	})
	// noDollar is a word in braces, and the parameter whose whole value it is.
	noDollar = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:([\pL\pN_.-]+)=)?\{(\pL[\pL\pN_.-]*)\}`) })
	// otherMarks are the spellings of other template languages.
	otherMarks = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)\$\(?(user_?name|password)\b|<(user_?name|password)>|%(user_?name|password)%`)
	})
)

type placeholderProblem struct {
	severity Severity
	text     string
}

func placeholderProblems(template string) []placeholderProblem {
	var problems []placeholderProblem
	add := func(severity Severity, format string, args ...any) {
		problems = append(problems, placeholderProblem{severity, fmt.Sprintf(format, args...)})
	}
	for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
		name := m[1]
		trimmed := strings.TrimSpace(name)
		switch {
		case trimmed == "":
			add(Error, "a placeholder has no name")
		case credentials.MatchString(trimmed) && name != "Username" && name != "Password":
			add(Error, "placeholder %s is not spelt as Glue Studio needs it", quote(m[0]))
		case mixesScripts(name):
			add(Error, "placeholder %s mixes letters that only look alike", quote(m[0]))
		}
	}
	for _, m := range credential().FindAllStringSubmatch(template, -1) {
		parameter, name, want := m[1], strings.TrimSpace(m[3]), "Password"
		if m[2] != "" {
			want = "Username"
		}
		if name != want && (name == "Username" || name == "Password" || !credentials.MatchString(name)) {
			// It may be no credential: a token goes by PWD, too.
			add(Warning, "the placeholder of %s is %s, not ${%s}", quote(parameter), quote("${"+name+"}"), want)
		}
	}
	rest := placeholder.ReplaceAllString(template, "")
	if strings.Contains(rest, "${") {
		add(Error, "a placeholder is not closed")
		return problems
	}
	for _, m := range noDollar().FindAllStringSubmatch(rest, -1) {
		// Some drivers take braces for quotation marks: Driver={MySQL}.
		severity, parameter, name := Error, m[1], m[2]
		if parameter != "" && !strings.EqualFold(parameter, name) && !credentials.MatchString(name) {
			severity = Warning
		}
		add(severity, "placeholder %s has lost its $", quote("{"+name+"}"))
	}
	if m := otherMarks().FindString(rest); m != "" {
		add(Error, "%s is no placeholder", quote(m))
	}
	return problems
}

// mixesScripts tells a Latin word with a Cyrillic or Greek letter in it.
func mixesScripts(s string) bool {
	latin := strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
	return latin && strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Cyrillic, unicode.Greek) })
}
