package action

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/connector"
)

const host = "123456789012.dkr.ecr.us-east-1.amazonaws.com"

// People give the target in many forms, and in more than one place.
func TestRepository(t *testing.T) {
	full := connector.Reference{Account: "123456789012", Region: "us-east-1", Repository: "a/b"}
	tagged := full
	tagged.Tag = "1.0"
	bare := connector.Reference{Region: "us-east-1", Repository: "a/b"}
	bareTagged := bare
	bareTagged.Tag = "1.0"
	china := connector.Reference{Account: "123456789012", Region: "cn-north-1", Repository: "a/b"}
	for _, tt := range []struct {
		name    string
		in, env inputs
		want    connector.Reference
	}{
		{"a name, AWS_REGION", inputs{"repository": "a/b"}, inputs{"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "eu-west-1"}, bare},
		{"a name, AWS_DEFAULT_REGION", inputs{"repository": "a/b"}, inputs{"AWS_DEFAULT_REGION": " us-east-1 "}, bare},
		{"a useless AWS_REGION", inputs{"repository": "a/b"}, inputs{"AWS_REGION": "mars", "AWS_DEFAULT_REGION": "us-east-1"}, bare},
		{"a name, aws-region", inputs{"repository": "a/b", "aws-region": "us-east-1"}, inputs{"AWS_REGION": "eu-west-1"}, bare},
		{"a name with a tag", inputs{"repository": "a/b:1.0", "aws-region": "us-east-1"}, nil, bareTagged},
		{"a name with the same tag twice", inputs{"repository": "a/b:1.0", "image-tag": "1.0", "aws-region": "us-east-1"}, nil, bareTagged},
		{"all parts", inputs{"repository": "a/b", "image-tag": "1.0", "aws-region": "us-east-1", "aws-account-id": "123456789012"}, nil, tagged},
		{"a URI", inputs{"repository": host + "/a/b"}, inputs{"AWS_REGION": "eu-west-1"}, full},
		{"a URI with a tag", inputs{"repository": host + "/a/b:1.0"}, nil, tagged},
		{"a URI and a tag", inputs{"repository": host + "/a/b", "image-tag": "1.0"}, nil, tagged},
		{"as pasted", inputs{"repository": " \thttps://" + host + "/a/b/ \n"}, nil, full},
		{"a trailing slash", inputs{"repository": "a/b//", "aws-region": "us-east-1"}, nil, bare},
		{"the same twice", inputs{"repository": host + "/a/b:1.0", "image-tag": "1.0", "aws-region": "us-east-1", "aws-account-id": "123456789012"}, nil, tagged},
		{"China", inputs{"repository": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a/b"}, nil, china},
		{"none", inputs{"aws-region": "us-east-1"}, inputs{"AWS_REGION": "eu-west-1"}, connector.Reference{Region: "us-east-1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.in["jars"] = "jars"
			s, problems := parseWith(tt.in, tt.env)
			if diff := cmp.Diff(tt.want, s.Repository); diff != "" || problems != nil {
				t.Errorf("%s%v", diff, problems)
			}
		})
	}
}

// What is no repository of ECR is refused by its text alone, before a
// credential is asked for, and nothing of it stays in the settings.
func TestRepositoryRefused(t *testing.T) {
	for _, repository := range []string{
		"evil.example/x", host + ".evil.example/x", host + "@evil.example/x", "user:secret@" + host + "/x", host + ":8443/x", host + ":443/a/b", "https://" + host + ":443/a/b",
		"123456789012.dkr.ecr.us-east-1.am\u0430zonaws.com/x", "127.0.0.1/x", "127.0.0.1:5000/x", "169.254.169.254/x", "[::1]/x", "localhost:5000/x",
		"public.ecr.aws/a/b", "http://" + host + "/a/b", "HTTPS://" + host + "/a/b", "oci://" + host + "/a/b", "//evil.example/x", "https://https://" + host + "/a/b",
		host, host + "/", host + "/a//b", host + "/A/b", host + "/a/../b", host + "/a/b:", host + "/a/b:-x", host + "/a/b:1:2", host + "/a/b?x", host + "/a/b#x",
		host + "/a/b@sha256:" + strings.Repeat("a", 64), host + "/a/b:1.0@sha256:" + strings.Repeat("a", 64), "a/b@sha256:" + strings.Repeat("a", 64),
		"123456789012.dkr.ecr.mars-1.amazonaws.com/a/b", "12345678901.dkr.ecr.us-east-1.amazonaws.com/a/b", "123456789012.dkr.ecr.cn-north-1.amazonaws.com/a/b",
		strings.ToUpper(host) + "/a/b", "a/../b", "../b", "./b", "A/b", "a", strings.Repeat("a", 257), "a b", "a\nb", "a/b:-x", "a/b:", "-a", "a/-b", "a/b.", "a..b", "%2e%2e/x", "a/$(id)", "##[error]x", "a\x00b",
	} {
		s, problems := parseWith(inputs{"jars": "jars", "repository": repository}, inputs{"AWS_REGION": "us-east-1"})
		if diff := cmp.Diff([]string{"repository"}, wrong(problems)); diff != "" || !s.Repository.IsZero() {
			t.Errorf("%+q: %s%+v", repository, diff, s.Repository)
		}
	}
}

func TestRepositoryContradictions(t *testing.T) {
	for _, tt := range []struct {
		in   inputs
		want []string
	}{
		{inputs{"repository": host + "/a/b", "aws-account-id": "999999999999"}, []string{"aws-account-id"}},
		{inputs{"repository": host + "/a/b", "aws-region": "eu-west-1"}, []string{"aws-region"}},
		{inputs{"repository": host + "/a/b:1.0", "image-tag": "2.0"}, []string{"image-tag"}},
		{inputs{"repository": "a/b:1.0", "image-tag": "2.0", "aws-region": "us-east-1"}, []string{"image-tag"}},
		{inputs{"repository": host + "/a/b:1.0", "image-tag": "2.0", "aws-region": "eu-west-1", "aws-account-id": "999999999999"}, []string{"aws-account-id", "aws-region", "image-tag"}},
		{inputs{"repository": "a/b"}, []string{"aws-region"}},
	} {
		tt.in["jars"] = "jars"
		_, problems := parseWith(tt.in, nil)
		if diff := cmp.Diff(tt.want, wrong(problems)); diff != "" {
			t.Errorf("%v: %s%v", tt.in, diff, problems)
		}
	}
}

// The main repository is not named twice, and no password is quoted.
func TestAdditionalRepositories(t *testing.T) {
	in := inputs{"mode": "push", "jars": "jars", "repository": host + "/a/b:1.0"}
	in["additional-repositories"] = host + "/a/c," + host + "/a/b"
	_, problems := parseWith(in, nil)
	if diff := cmp.Diff([]string{"additional-repositories"}, wrong(problems)); diff != "" || !strings.Contains(problems[0].Message, "is the main repository") {
		t.Errorf("%s%v", diff, problems)
	}
	in["additional-repositories"], in["allowed-account-ids"] = "111122223333.dkr.ecr.us-east-1.amazonaws.com/a/c", "123456789012"
	if _, problems := parseWith(in, nil); len(problems) != 1 || !strings.Contains(problems[0].Message, "the repository is in account 111122223333") {
		t.Errorf("%v", problems)
	}
	in["allowed-account-ids"] = ""
	in["additional-repositories"] = "user:secret@" + host + "/a/c"
	if s, problems := parseWith(in, nil); len(problems) != 1 || strings.Contains(problems[0].Message, "secret") || len(s.Places) > 0 {
		t.Errorf("%v, %v", problems, s.Places)
	}
}
