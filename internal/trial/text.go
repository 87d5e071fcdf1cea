package trial

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// re is an expression that is compiled when it is needed: most runs test nothing.
func re(s string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(s) })
}

// quote makes untrusted text fit to stand in a message: quoted, ASCII, and not
// too long.
func quote(s string) string {
	const most = 120
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "..."
	}
	return strconv.QuoteToASCII(s)
}

// hidden tells of a character that a person cannot see.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func contains(all []Kind, k Kind) bool { return slices.Contains(all, k) }

func kinds(all []Kind) string {
	var names []string
	for _, k := range all {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func testNames() []string {
	var names []string
	for _, t := range Tests {
		names = append(names, t.Name)
	}
	return names
}

// near advises the one of several names that was likely meant.
func near(name string, names []string, otherwise string) string {
	plain := func(s string) string {
		return strings.TrimSuffix(strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(s)), "test")
	}
	for _, n := range names {
		if plain(n) == plain(name) {
			return "Write " + n + "."
		}
	}
	return otherwise
}

// The types of Spark SQL, and other names for them.
var (
	otherNames = map[string]string{
		"integer": "int", "long": "bigint", "short": "smallint", "byte": "tinyint", "bool": "boolean", "real": "float",
		"text": "string", "numeric": "decimal(10,0)", "decimal": "decimal(10,0)", "dec": "decimal(10,0)",
	}
	plainType = re(`^(string|int|bigint|smallint|tinyint|boolean|float|double|date|timestamp|timestamp_ntz|binary|void|variant|interval.*|` +
		`decimal\([0-9]{1,2},[0-9]{1,2}\)|(var)?char\([0-9]{1,9}\))$`)
	nestedType = re(`^(array|map|struct)<.+>$`)
)

// canonicalType is a type as Spark's simpleString writes it.
func canonicalType(s string) (string, bool) {
	s = strings.TrimSpace(s)
	lower := strings.ToLower(s)
	if m := nestedType().FindStringSubmatch(lower); m != nil {
		return m[1] + strings.ReplaceAll(s[len(m[1]):], ", ", ","), true // names of fields keep their case
	}
	lower = strings.ReplaceAll(lower, " ", "")
	if other, ok := otherNames[lower]; ok {
		lower = other
	}
	return lower, plainType().MatchString(lower)
}

var (
	// secretName finds what names a secret in an option's name, divided at
	// capitals and signs; a reference to one does not.
	secretName = re(`(?i)(passw|passphrase|pwd$|secret|token|credential|api_?-?key|access_?-?key|private_?-?key|auth_?-?key|client_?-?key$|sas$)`)
	// reference finds names that only point to a secret, or are no secret.
	reference = re(`(?i)(secret(s)?(manager)?_?-?(id|arn|name)|token_?-?(url|uri|endpoint|type)|(file|path|location)$)`)
	// inURL finds a secret in a URL or a connection string: password=x, and
	// user:x@, and Oracle's user/x@.
	inURL = re(`(?i)(?:(?:password|passwd|pwd|passphrase|secret|token|api_?key|access_?key|account_?key|private_?key|credentials?)\s*=\s*(\$\{[^}]*\}[^&;,\s)]*|[^&;,\s)]+)|://[^/?#\s:@]*:([^@/?#\s]+)@|^jdbc:oracle:\w+:[^/@\s]*/([^@\s]+)@)`)
	// placeholder is what Glue fills in from a secret.
	placeholder = re(`^["']?\$\{[^}]+\}["']?$`)
)

// literal tells whether an option holds no secret in plain text, and complains
// if it does. The value is never part of the complaint.
func (r *parser) literal(f field, text string) bool {
	const advice = "Name a secret of AWS Secrets Manager, or environment variables, under secret: its keys are filled in as options, and as ${key} in a JDBC URL."
	if secretName().MatchString(f.name) && !reference().MatchString(f.name) && !truth(text) && !placeholder().MatchString(text) {
		r.problem(at(f.value), advice, "%s holds a secret in plain text", quote(f.name))
		return false
	}
	for _, m := range inURL().FindAllStringSubmatch(text, -1) {
		if found := m[1] + m[2] + m[3]; !placeholder().MatchString(found) {
			r.problem(at(f.value), advice, "%s holds a password in plain text", quote(f.name))
			return false
		}
	}
	return true
}

func truth(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }
