package connector

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
)

func TestParseReference(t *testing.T) {
	good := map[string]Reference{
		"709825985650.dkr.ecr.us-east-1.amazonaws.com/my-company/salesforce:1.0": {"709825985650", "us-east-1", "my-company/salesforce", "1.0"},
		"123456789012.dkr.ecr.eu-central-1.amazonaws.com/a1":                     {"123456789012", "eu-central-1", "a1", ""},
		"123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/a/b_c":                 {"123456789012", "us-gov-west-1", "a/b_c", ""},
		"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a/b":                   {"123456789012", "cn-north-1", "a/b", ""},
		"123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/a/b":                  {"123456789012", "ap-southeast-2", "a/b", ""},
	}
	for s, want := range good {
		got, ok := ParseReference(s)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%s: %s", s, diff)
		}
		if want.Tag != "" && got.String() != s || want.Tag == "" && got.Name() != s {
			t.Errorf("%s is written as %s", s, got)
		}
	}
	const repo = ".dkr.ecr.us-east-1.amazonaws.com/my-company/salesforce"
	for _, s := range []string{
		"", "x", "evil.example/x", "12345678901" + repo, "1234567890123" + repo,
		"123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.example/x/y",
		"123456789012.dkr.ecr.us-east-1.amazonaws.com@evil.example/x/y",
		"123456789012.dkr.ecr.us-east-1.аmazonaws.com/x/y", // a Cyrillic a
		"123456789012.dkr.ecr.us-east-1.amazonaws.com:8443/x/y",
		"123456789012.dkr.ecr.mars-1.amazonaws.com/x/y",
		"123456789012.dkr.ecr.cn-north-1.amazonaws.com/x/y",
		"https://123456789012" + repo, "123456789012" + repo + "@sha256:" + strings.Repeat("a", 64),
		"123456789012" + repo + ":-x", "123456789012" + repo + ":", "123456789012" + repo + ":a:b", "123456789012" + repo + "\n",
		"123456789012.dkr.ecr.us-east-1.amazonaws.com/a/../b", "123456789012.dkr.ecr.us-east-1.amazonaws.com/A/b",
		"123456789012.dkr.ecr.us-east-1.amazonaws.com/" + strings.Repeat("a", 257),
		"127.0.0.1/x", "169.254.169.254/x",
	} {
		if got, ok := ParseReference(s); ok {
			t.Errorf("%q is taken for %+v", s, got)
		}
	}
}

// What we accept, the registry client understands in the same way.
func FuzzReference(f *testing.F) {
	f.Add("709825985650.dkr.ecr.us-east-1.amazonaws.com/my-company/salesforce:1.0")
	f.Add("123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/a__b/c--d.e")
	f.Fuzz(func(t *testing.T, s string) {
		ref, ok := ParseReference(s)
		if !ok || ref.Tag == "" {
			return
		}
		n, err := name.NewTag(s, name.StrictValidation)
		if err != nil {
			t.Fatalf("the client refuses %q: %v", s, err)
		}
		if n.RegistryStr() != ref.Host() || n.RepositoryStr() != ref.Repository || n.TagStr() != ref.Tag || n.Scheme() != "https" {
			t.Fatalf("%q is %+v to us and %v to the client", s, ref, n)
		}
	})
}
