package credentials

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// claims are what a token says of its job. Nobody has verified them, and a branch
// or an environment may be called anything: they are shown, and decide nothing.
type claims struct {
	Issuer      string
	Audience    string
	Subject     string
	Repository  string
	Ref         string
	Environment string
	Workflow    string // job_workflow_ref
}

// maxClaim bounds a claim that is shown, in characters.
const maxClaim = 300

var errClaims = errors.New("the ID token holds no claims that can be read")

// parseClaims reads the middle of a token, and never its signature.
func parseClaims(token string) (c claims, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(token) > maxAnswer {
		return c, errClaims
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return c, errClaims
	}
	var all map[string]jsontext.Value
	if err := json.Unmarshal(payload, &all); err != nil || all == nil {
		return c, errClaims
	}
	for name, field := range map[string]*string{
		"iss": &c.Issuer, "aud": &c.Audience, "sub": &c.Subject, "repository": &c.Repository,
		"ref": &c.Ref, "environment": &c.Environment, "job_workflow_ref": &c.Workflow,
	} {
		*field = text(all[name])
	}
	return c, nil
}

// text is a claim's value if it is a string, or the first of a list of such,
// as an audience may be.
func text(v jsontext.Value) string {
	var s string
	if len(v) == 0 || json.Unmarshal(v, &s) == nil {
		return s
	}
	var list []string
	if json.Unmarshal(v, &list) == nil && len(list) > 0 {
		return list[0]
	}
	return ""
}

// String lists the claims on one line of ASCII.
func (c claims) String() string {
	var all []string
	for _, v := range []struct{ name, value string }{
		{"aud", c.Audience}, {"sub", c.Subject}, {"repository", c.Repository}, {"ref", c.Ref},
		{"environment", c.Environment}, {"job_workflow_ref", c.Workflow},
	} {
		if v.value != "" {
			all = append(all, v.name+" "+quote(v.value))
		}
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

func quote(s string) string {
	if r := []rune(s); len(r) > maxClaim {
		s = string(r[:maxClaim-1]) + "…"
	}
	return strconv.QuoteToASCII(s)
}

// defaultProvider is github.com's; a GitHub Enterprise has its own.
const defaultProvider = "token.actions.githubusercontent.com"

var issuer = regexp.MustCompile(`^https://([A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._/-]*)?)$`)

// provider is the name of the issuer's identity provider in IAM.
func (c claims) provider() string {
	if m := issuer.FindStringSubmatch(c.Issuer); m != nil && len(m[1]) <= 255 {
		return m[1]
	}
	return defaultProvider
}

// trustPolicy is the trust policy of a role that a token with these claims may
// assume, as JSON on one line of ASCII; "" if the claims do not suffice for one.
// See https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
func (c claims) trustPolicy(role Role) string {
	if c.Subject == "" || c.Audience == "" || len(c.Subject) > maxClaim || len(c.Audience) > maxClaim {
		return ""
	}
	name := c.provider()
	type allow struct {
		Effect, Principal, Action, Condition any
	}
	type policy struct {
		Version   string
		Statement []allow
	}
	b, err := json.Marshal(policy{"2012-10-17", []allow{{
		"Allow",
		map[string]string{"Federated": fmt.Sprintf("arn:%s:iam::%s:oidc-provider/%s", role.partition(), role.account(), name)},
		"sts:AssumeRoleWithWebIdentity",
		map[string]any{"StringEquals": map[string]string{name + ":aud": literal(c.Audience), name + ":sub": literal(c.Subject)}},
	}}}, json.Deterministic(true))
	if err != nil {
		return "" // a claim that is no UTF-8
	}
	return ascii(string(b))
}

// literal keeps IAM from taking a part of a value for a variable:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func literal(s string) string { return strings.ReplaceAll(s, "${", "${$}{") }

// ascii writes as escapes of JSON what is not ASCII, and # as well, which begins
// a command of the runner: the text then stays what it is on its way to people.
func ascii(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '#' || r == 0x7f || r > 0x7f && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
