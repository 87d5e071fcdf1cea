package credentials

import (
	"errors"
	"strings"
	"testing"

	"glue-connector/internal/fake"
)

// What the hint of a refusal tells to put into the role lets the job in, whatever
// it is called, and no job that is called alike.
func TestToldPolicyMatches(t *testing.T) {
	for _, sub := range []string{
		"repo:octo@1/demo@2:environment:aws-marketplace", "repo:octo/demo:ref:refs/heads/a*b?", `repo:octo/demo:environment:"\`, "repo:octo/demo:environment:a##[error]b",
		"repo:octo/demo:environment:${aws:userid}${$}$", "repo:octo/demo:environment:é\u202e😀\n\x7f<&>",
	} {
		w, role := newWorld(t)
		role.Runner = runner(w, map[string]any{"sub": sub})
		_, err := assume(t.Context(), configOf(w), role, quick)
		silent(t, w, err)
		e, _ := errors.AsType[*Error](err)
		_, policy, ok := strings.Cut(e.Hint(), "this trust policy lets it: ")
		if !ok || strings.Contains(policy, "##[") {
			t.Fatalf("%q: %s", sub, e.Hint())
		}
		w.CreateRole(fake.Role{ARN: arn, Trust: policy})
		if _, err := assume(t.Context(), configOf(w), role, quick); err != nil {
			t.Errorf("%q: %v\n%s", sub, err, policy)
		}
		role.Runner = runner(w, map[string]any{"sub": sub + "x"})
		if _, err := assume(t.Context(), configOf(w), role, quick); err == nil {
			t.Errorf("%q lets another in", sub)
		}
	}
}

// GitHub Enterprise issues its tokens itself.
func TestToldPolicyOfEnterprise(t *testing.T) {
	w, role := newWorld(t)
	const issuer = "https://github.example.com/_services/token"
	role.Runner = runner(w, map[string]any{"sub": "repo:a/b:ref:c", "iss": issuer})
	_, err := assume(t.Context(), configOf(w), role, quick)
	e, _ := errors.AsType[*Error](err)
	_, policy, ok := strings.Cut(e.Hint(), "this trust policy lets it: ")
	if !ok || !strings.Contains(e.Hint(), "create-open-id-connect-provider --url "+issuer+" --client-id-list sts.amazonaws.com.") {
		t.Fatalf("%v: %s", err, e.Hint())
	}
	w.CreateIDProvider("123456789012", issuer, "sts.amazonaws.com")
	w.CreateRole(fake.Role{ARN: arn, Trust: policy})
	if _, err := assume(t.Context(), configOf(w), role, quick); err != nil {
		t.Errorf("%v\n%s", err, policy)
	}
}
