//go:build unix

package main

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// policies are those in the README that go with a role, for the demo's repository: of
// push and publish, and of tests on Glue.
func policies(t *testing.T) (push, publish, test string) {
	all := allPolicies(t)
	return all[0], all[1], policyWith(t, "glue:StartJobRun")
}

// policyWith is the one that has an action or a change type.
func policyWith(t *testing.T, name string) string {
	all := allPolicies(t)
	i := slices.IndexFunc(all, func(p string) bool { return strings.Contains(p, `"`+name+`"`) })
	if i < 0 {
		t.Fatalf("no policy has %s", name)
	}
	return all[i]
}

// allPolicies are those of push and publish, of tests on Glue and the jobs that those
// make, of changes to a listing, and of a new product.
func allPolicies(t *testing.T) (all []string) {
	t.Helper()
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?ms)^```json\n(.*?)^```$").FindAllStringSubmatch(string(b), -1) {
		if strings.Contains(m[1], `"Resource"`) {
			all = append(all, strings.ReplaceAll(m[1], "my-company/my-connector", demoName))
		}
	}
	if len(all) != 6 {
		t.Fatalf("%d policies in the README, want those of push, publish, test and its jobs, changes and new products", len(all))
	}
	return all
}

func (p *publication) under(t *testing.T, policy string, mode string, args ...string) (string, error) {
	t.Helper()
	if err := p.world.SetPolicy(policy); err != nil {
		t.Fatalf("%v\n%s", err, policy)
	}
	var out bytes.Buffer
	c := p.command(&out, args...)
	c.Args[1] = mode
	err := c.Run()
	return out.String(), err
}

// What the README allows is enough, for a release and for the same run again.
func TestPolicies(t *testing.T) {
	push, publish, _ := policies(t)
	own := ownHost + "/" + demoName
	for _, tt := range []struct{ name, mode, policy, repository string }{
		{"push", "push", push, own},
		{"publish", "publish", publish, demoName},
		{"a push is enough to push", "push", publish, demoName},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPublication(t)
			p.world.CreateRepository("123456789012", "us-east-1", demoName, true)
			for range 2 {
				if text, err := p.under(t, tt.policy, tt.mode, "--repository", tt.repository); err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
			}
		})
	}
}

// Without any one of the actions a publication fails, and says which it needs.
func TestPoliciesAreLeast(t *testing.T) {
	push, publish, _ := policies(t)
	for _, action := range regexp.MustCompile(`"((?:ecr|aws-marketplace):\w+)"`).FindAllStringSubmatch(publish, -1) {
		if action[1] == "ecr:GetDownloadUrlForLayer" {
			continue // of verify, and of the jars of the image before
		}
		t.Run(action[1], func(t *testing.T) {
			t.Parallel()
			p := newPublication(t)
			text, err := p.under(t, strings.ReplaceAll(publish, `"`+action[1]+`"`, `"sts:Nothing"`), "publish")
			if err == nil || !strings.Contains(text, "→ ") {
				t.Errorf("%v\n%s", err, text)
			}
			if product, _ := p.world.Product(marketProduct); len(product.Versions) > 0 && action[1] != "aws-marketplace:DescribeChangeSet" {
				t.Errorf("versions %+v", product.Versions)
			}
		})
	}
	t.Run("that of a push", func(t *testing.T) {
		p := newPublication(t)
		text, err := p.under(t, push, "publish")
		if err == nil || !strings.Contains(text, "aws-marketplace:DescribeEntity") || p.world.UploadedBytes() > 0 {
			t.Errorf("%v, %d bytes uploaded\n%s", err, p.world.UploadedBytes(), text)
		}
	})
	t.Run("of another product", func(t *testing.T) {
		p := newPublication(t)
		text, err := p.under(t, strings.ReplaceAll(publish, marketProduct, "prod-zzzzzzzzzzzzz"), "publish")
		if err == nil || !strings.Contains(text, "not authorized to perform: aws-marketplace:DescribeEntity on resource: arn:aws:aws-marketplace:us-east-1:123456789012:AWSMarketplace/ContainerProduct/"+marketProduct) {
			t.Errorf("%v\n%s", err, text)
		}
	})
}
