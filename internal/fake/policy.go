package fake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// policy is an identity-based policy of IAM with what the policies in our
// documents use of its language; anything else is an error.
type policy struct {
	Version   string
	Statement many[permission]
}

type permission struct {
	Sid       string
	Effect    string
	Action    many[string]
	Resource  many[string]
	Condition map[string]map[string]many[string]
}

// SetPolicy lets the caller do what a policy allows, and nothing else: with ECR and
// its registry, with AWS Marketplace, and with what runs tests on Glue.
// GetCallerIdentity needs no permission.
func (w *World) SetPolicy(text string) error {
	p := &policy{}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return fmt.Errorf("reading a policy: %w", err)
	}
	if p.Version != "2012-10-17" || len(p.Statement) == 0 {
		return fmt.Errorf("reading a policy: version %q, %d statements", p.Version, len(p.Statement))
	}
	for _, s := range p.Statement {
		if s.Effect != "Allow" && s.Effect != "Deny" || len(s.Action) == 0 || len(s.Resource) == 0 {
			return fmt.Errorf("reading a policy: statement %+v", s)
		}
		for operator := range s.Condition {
			if operators[operator] == nil {
				return fmt.Errorf("reading a policy: no fake for condition %s", operator)
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.policy = p
	return nil
}

func (p *policy) allows(action, resource string, keys map[string]string) bool {
	allowed := false
	for _, s := range p.Statement {
		if !s.matches(action, resource, keys) {
			continue
		}
		if s.Effect == "Deny" {
			return false
		}
		allowed = true
	}
	return allowed
}

func (s permission) matches(action, resource string, keys map[string]string) bool {
	if !slices.ContainsFunc(s.Action, func(p string) bool { return wildcard(strings.ToLower(p), strings.ToLower(action)) }) ||
		!slices.ContainsFunc(s.Resource, func(p string) bool { return wildcard(p, resource) }) {
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

// wildcard matches a text with a pattern of * and ?.
func wildcard(pattern, text string) bool {
	quoted := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("^" + quoted + "$").MatchString(text)
}
