//go:build unix

package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// managementPolicy is the README's policy for a command about a listing.
func managementPolicy(t *testing.T, name string) string {
	if name == "create" {
		return policyWith(t, "CreateProduct")
	}
	return policyWith(t, "RestrictDeliveryOptions")
}

// under runs a command with the rights of a policy.
func (m management) under(t *testing.T, policy string) (text string, started int, err error) {
	t.Helper()
	w, command := m.prepare(t)
	w.SlowChangeSets(0, 0)
	if err := w.SetPolicy(policy); err != nil {
		t.Fatalf("%v\n%s", err, policy)
	}
	c, out := command()
	err = c.Run()
	return out.String(), len(w.ChangeSets()), err
}

// What the README allows is enough for each command about a listing, and none of it
// can be left out.
func TestManagementPolicies(t *testing.T) {
	for name, m := range managements {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policy := managementPolicy(t, name)
			if text, _, err := m.under(t, policy); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			for _, action := range regexp.MustCompile(`"(aws-marketplace:\w+)"`).FindAllStringSubmatch(policy, -1) {
				text, started, err := m.under(t, strings.ReplaceAll(policy, `"`+action[1]+`"`, `"sts:Nothing"`))
				late := action[1] == "aws-marketplace:DescribeChangeSet" || name == "create" && action[1] == "aws-marketplace:DescribeEntity" // once there is one
				if err == nil || !strings.Contains(text, "not authorized to perform: "+action[1]) || started > 0 && !late {
					t.Errorf("without %s: %d change sets, %v\n%s", action[1], started, err, text)
				}
			}
		})
	}
}

// Each change type in the policies is one that a command needs, and those of publish
// allow none of them.
func TestManagementPoliciesAreApart(t *testing.T) {
	needed := map[string][]string{
		"UpdateDeliveryOptions": {"update"}, "RestrictDeliveryOptions": {"restrict"}, "AddRepositories": {"create-repository", "create"},
		"CreateProduct": {"create"}, "UpdateInformation": {"create"},
	}
	named := map[string]bool{}
	for _, policy := range allPolicies(t) {
		for _, m := range regexp.MustCompile(`"catalog:ChangeType": \[([^\]]*)\]`).FindAllStringSubmatch(policy, -1) {
			for kind := range strings.SplitSeq(m[1], ",") {
				named[strings.Trim(kind, "\" \n")] = true
			}
		}
	}
	want := slices.Sorted(maps.Keys(needed))
	want = append(want, "ReleaseProduct", "UpdateVisibility") // of product release
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(named)); !slices.Equal(got, want) {
		t.Errorf("change types %q, want %q", got, want)
	}
	for kind, commands := range needed {
		for _, name := range commands {
			policy := strings.ReplaceAll(managementPolicy(t, name), `"`+kind+`"`, `"Nothing"`)
			if text, started, err := managements[name].under(t, policy); err == nil || started > 0 || !strings.Contains(text, "aws-marketplace:StartChangeSet") {
				t.Errorf("%s without %s: %d change sets, %v\n%s", name, kind, started, err, text)
			}
		}
	}
	_, publish, _ := policies(t)
	for name, m := range managements {
		if text, started, err := m.under(t, publish); err == nil || started > 0 {
			t.Errorf("%s with what publish may: %d change sets\n%s", name, started, text)
		}
	}
}
