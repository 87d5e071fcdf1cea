package fake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// trustPolicy is a policy of IAM with what trust policies use of its language:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
// Anything else is an error, so that no policy is misunderstood.
type trustPolicy struct {
	Version   string
	Statement many[statement]
}

type statement struct {
	Sid       string
	Effect    string
	Principal map[string]many[string]
	Action    many[string]
	Condition map[string]map[string]many[string]
}

// many is a value, or a list of such.
type many[T any] []T

func (m *many[T]) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]T)(m))
	}
	var one T
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	err := d.Decode(&one)
	*m = []T{one}
	return err
}

func parseTrust(text string) (p trustPolicy, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, err
	}
	if p.Version != "2012-10-17" || len(p.Statement) == 0 {
		return p, fmt.Errorf("version %q, %d statements", p.Version, len(p.Statement))
	}
	for _, s := range p.Statement {
		if s.Effect != "Allow" && s.Effect != "Deny" || len(s.Principal) == 0 || len(s.Action) == 0 {
			return p, fmt.Errorf("statement %+v", s)
		}
		for operator := range s.Condition {
			if operators[operator] == nil {
				return p, fmt.Errorf("no fake for condition %s", operator)
			}
		}
	}
	return p, nil
}

// operators tell whether a value of a request matches one of a policy.
var operators = map[string]func(policy, value string) bool{
	"StringEquals": func(policy, value string) bool { return variables.Replace(policy) == value },
	"StringLike": func(policy, value string) bool {
		pattern := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(policy))
		return regexp.MustCompile("(?s)^" + pattern + "$").MatchString(value)
	},
}

// variables are the escapes of IAM's policy variables; it knows no others.
var variables = strings.NewReplacer("${$}", "$", "${*}", "*", "${?}", "?")

// trusts tells whether one of the callers may do an action on the role. A key
// that a condition names and the request lacks does not match, as in IAM.
func (r Role) trusts(action, kind string, callers []string, keys map[string]string) bool {
	p, err := parseTrust(r.Trust)
	if err != nil {
		panic(err) // CreateRole has seen to it
	}
	allowed := false
	for _, s := range p.Statement {
		if !s.applies(action, kind, callers, keys) {
			continue
		}
		if s.Effect == "Deny" {
			return false
		}
		allowed = true
	}
	return allowed
}

func (s statement) applies(action, kind string, callers []string, keys map[string]string) bool {
	if !slices.Contains(s.Action, action) || !slices.ContainsFunc(s.Principal[kind], func(p string) bool { return slices.Contains(callers, p) }) {
		return false
	}
	for operator, conditions := range s.Condition {
		for key, values := range conditions {
			have, ok := keys[key]
			if !ok || !slices.ContainsFunc(values, func(v string) bool { return operators[operator](v, have) }) {
				return false
			}
		}
	}
	return true
}
