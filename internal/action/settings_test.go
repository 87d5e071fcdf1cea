package action

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"glue-connector/internal/connector"
	"glue-connector/internal/credentials"
)

// inputs are values by name, of inputs or of environment variables.
type inputs map[string]string

func parseWith(in, env inputs) (Settings, []Problem) {
	return parse(func(name string) string { return in[name] }, func(name string) string { return env[name] })
}

// wrong lists which inputs have problems, in the order in which they are told.
func wrong(problems []Problem) []string {
	var names []string
	for _, p := range problems {
		names = append(names, p.Input)
	}
	return names
}

func TestParseDefaults(t *testing.T) {
	s, problems := parseWith(inputs{"jars": "jars"}, nil)
	want := Settings{
		Mode: Check, ConfigPath: "config.json", Jars: []string{"jars"}, WorkingDirectory: ".",
		TestPlan: "glue-tests.yaml", Runner: "local", Runtime: "auto", TestTimeout: 15 * time.Minute,
		OnExistingTag: "skip-identical", FailOn: "error", Timeout: 30 * time.Minute, Comment: "auto",
		Listing: listingInputs{OptionTitle: "Activate in AWS Glue Studio", Description: "Import jars in AWS Glue jobs.", Services: []string{"ECS"}}, Wait: true, OnTimeout: "fail",
	}
	if diff := cmp.Diff(want, s); diff != "" || problems != nil {
		t.Errorf("%s%v", diff, problems)
	}
}

func TestParseAll(t *testing.T) {
	s, problems := parseWith(inputs{
		"mode": " push ", "config-path": "a/config.json\n", "jars": " a.jar, b/*.jar\n!c.jar,,\n", "working-directory": "w",
		"repository": "a/b", "aws-account-id": "012345678901", "aws-region": "eu-west-1", "image-tag": "1.0.0", "additional-tags": "newest\n1,",
		"additional-repositories": "https://" + host + "/a/c/\n 123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b,",
		"base-image":              "debian:12", "create-repository": "TRUE", "on-existing-tag": "fail", "source-date-epoch": "1", "output": "o.tar",
		"connector-name": "N", "connector-description": "D", "connector-type": "JDBC", "connector-class-name": "C", "connector-version": "1",
		"connector-url": "U", "jdbc-url-formats": " a = b=c,d \n\ne\n", "jdbc-url-delimiter": "&",
		"fail-on": "never", "strict": "true", "dry-run": "True", "timeout-minutes": "1.5", "quiet": "true", "report-file": "r.json",
		"sarif-file": "s.sarif", "sbom-file": "s.json", "attach-sbom": "true", "comment": "on-failure", "comment-key": "k", "github-token": " t\n", "from-report": "f.json",
		"test-plan": "p.yaml", "run-tests": "true", "runner": "glue", "published": "true", "local-runtime": "spark", "test-timeout-minutes": "2",
		"glue-role": "arn:aws:iam::123456789012:role/gcv-job", "test-s3-prefix": "s3://my-tests/ci/gcv/", "max-concurrent-runs": "2", "glue-connections": "vpc, b", "test-report": "t.md",
		"role-to-assume": " arn:aws:iam::123456789012:role/r\n", "role-session-name": "s1", "role-duration-seconds": "900", "role-external-id": "e1",
		"role-chaining": "true", "audience": "a", "allowed-account-ids": "012345678901,\n123456789012",
		"product-id": " prod-abcdefghijklm ", "version-title": "V", "release-notes": "a\nb", "delivery-option-title": "O", "delivery-description": "DD", "usage-instructions": "@u.md",
		"compatible-services": "EKS, ECS\n", "deployment-resources": "a b = https://example.com/?c=d,e\nf", "delivery-options": "- title: x", "wait": "false", "on-timeout": "succeed",
	}, inputs{"SOURCE_DATE_EPOCH": "2", "AWS_REGION": "us-east-1", "ACTIONS_ID_TOKEN_REQUEST_URL": "u", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t"})
	want := Settings{
		Mode: Push, ConfigPath: "a/config.json", Jars: []string{"a.jar", "b/*.jar", "!c.jar"}, WorkingDirectory: "w",
		Repository: connector.Reference{Account: "012345678901", Region: "eu-west-1", Repository: "a/b", Tag: "1.0.0"},
		Role: credentials.Role{ARN: "arn:aws:iam::123456789012:role/r", SessionName: "s1", Duration: 15 * time.Minute, ExternalID: "e1", Audience: "a",
			Chain: true, Runner: credentials.Runner{URL: "u", Token: "t"}},
		Allowed: []string{"012345678901", "123456789012"},
		Places: []connector.Reference{
			{Account: "123456789012", Region: "us-east-1", Repository: "a/c"}, {Account: "123456789012", Region: "eu-west-1", Repository: "a/b"}},
		AdditionalTags: []string{"newest", "1"}, BaseImage: "debian:12", Create: true, OnExistingTag: "fail", Epoch: time.Unix(1, 0).UTC(), Output: "o.tar",
		Link: connector.Link{Name: "N", Description: "D", Type: "Jdbc", ClassName: "C", Version: "1", URL: "U", Delimiter: "&",
			JDBCURLs: []connector.JDBCURL{{Title: "a", Template: "b=c,d"}, {Title: "e"}}},
		Listing: listingInputs{Product: "prod-abcdefghijklm", Title: "V", Notes: "a\nb", OptionTitle: "O", Description: "DD", Instructions: "@u.md", Services: []string{"EKS", "ECS"},
			Resources: []connector.DeploymentResource{{Name: "a b", URL: "https://example.com/?c=d,e"}, {Name: "f"}}, Options: "- title: x"},
		OnTimeout: "succeed",
		TestPlan:  "p.yaml", PlanGiven: true, RunTests: true, Runner: "glue", Runtime: "spark", Published: true, TestTimeout: 2 * time.Minute, TestReport: "t.md",
		GlueJobs:   GlueJobs{Role: "arn:aws:iam::123456789012:role/gcv-job", Bucket: "my-tests", Prefix: "ci/gcv", Most: 2, Connections: []string{"vpc", "b"}},
		LinkWanted: true, FailOn: "never", Strict: true, DryRun: true, Timeout: 90 * time.Second, Quiet: true, ReportFile: "r.json",
		SARIFFile: "s.sarif", SBOMFile: "s.json", AttachSBOM: true, Comment: "on-failure", CommentKey: "k", GitHubToken: "t", FromReport: "f.json",
	}
	if diff := cmp.Diff(want, s); diff != "" || problems != nil {
		t.Errorf("%s%v", diff, problems)
	}
}

// Each value is tried alone, in a run that is fine without it.
func TestParseValues(t *testing.T) {
	long := strings.Repeat("a", 129)
	for name, tt := range map[string]struct{ good, bad []string }{
		"mode":              {[]string{"", "check", "build", "push", "verify", " push\n"}, []string{"publishing", "Push", "check,push", "--help"}},
		"on-existing-tag":   {[]string{"skip-identical", "fail", "overwrite"}, []string{"skip", "FAIL", "true"}},
		"product-id":        {[]string{"prod-abcdefghijklm", "prod-4t7vzxh5ti4l2", "00000000-0000-4000-8000-000000000000"}, []string{"x", "prod-", "prod-abc/../x", "prod-abcdefghijkl m", "B09FKQMN3B"}},
		"wait":              {[]string{"true", "false"}, []string{"yes"}},
		"on-timeout":        {[]string{"fail", "succeed"}, []string{"ignore", "true"}},
		"fail-on":           {[]string{"error", "warning", "never"}, []string{"errors", "Never", "0"}},
		"strict":            {[]string{"true", "false", "True", "FALSE", " true "}, []string{"yes", "no", "1", "0", "on", "tRUE", "true false"}},
		"dry-run":           {[]string{"true", "false"}, []string{"yes", "y"}},
		"create-repository": {[]string{"true", "false"}, []string{"yes", "null"}},
		"aws-account-id": {[]string{"123456789012", "000000000000", " 123456789012 "},
			[]string{"12345678901", "1234567890123", "1.23457e+11", "12345678901a", "１２３４５６７８９０１２", "123456789012\nx"}},
		"aws-region": {[]string{"us-east-1", "us-gov-west-1", "ap-southeast-5", "cn-north-1"},
			[]string{"mars-1", "us-east", "US-EAST-1", "us_east_1", "us-east-1.evil.example", "us-east-1/x", "us-e\u0430st-1"}},
		"image-tag": {[]string{"1.0.0", "1.0.0-glue3.0", "_x", "v1", "latest", long[:128]},
			[]string{"-x", ".x", long, "a:b", "a/b", "a b", "v1;$(id)", "##[error]x", "v\u0430"}},
		"role-to-assume":        {[]string{"", "arn:aws:iam::123456789012:role/a/b"}, []string{"publisher", "arn:aws:iam::1:role/a", "arn:aws:iam::123456789012:user/a"}},
		"role-session-name":     {[]string{"", "a@b"}, []string{"a", "a b", long}},
		"role-duration-seconds": {[]string{"", "900", "43200", " 3600 "}, []string{"899", "43201", "-1", "1h", "3600.0", "9999999999999999999999"}},
		"role-external-id":      {[]string{"", "a:b"}, []string{"a", "a b"}},
		"role-chaining":         {[]string{"true", "false"}, []string{"yes"}},
		"audience":              {[]string{"", "sts.amazonaws.com.cn"}, []string{"a b"}},
		"allowed-account-ids":   {[]string{"", "123456789012", "123456789012,\n012345678901"}, []string{"12345678901", "*", "123456789012,x"}},
		"additional-tags":       {[]string{"", "newest", "a,b\nc", ","}, []string{"-x", "a,b c", "ok,.x"}},
		"source-date-epoch":     {[]string{"", "0", "1700000000", "253402300799"}, []string{"-1", "now", "1.5", "0x1", "253402300800", "99999999999999999999", "1 2"}},
		"timeout-minutes":       {[]string{"", "0", "0.5", "99999", "007"}, []string{"-1", "1e3", "inf", "NaN", "1m", "1,5", "0x1", "100000", ".5", "5.", "30\n31"}},
		"quiet":                 {[]string{"true", "false"}, []string{"yes"}},
		"run-tests":             {[]string{"true", "false"}, []string{"yes"}},
		"runner":                {[]string{"", "local"}, []string{"spark", "Local", "local,glue"}},
		"test-report":           {[]string{"", "a/b.md"}, nil},
		"published":             {[]string{"true", "false"}, []string{"yes"}},
		"test-timeout-minutes":  {[]string{"", "0", "1.5"}, []string{"-1", "1h"}},
		"local-runtime":         {[]string{"", "auto", "spark", "glue-image"}, []string{"docker", "Spark"}},
		"glue-image":            {[]string{""}, []string{"mirror.example/glue:5"}},
		"test-plan":             {[]string{"", "a/b.yaml"}, nil},
		"additional-repositories": {[]string{"", ",\n", host + "/a/c", "https://" + host + "/a/c/", host + "/a/c, " + host + "/a/d", "111122223333.dkr.ecr.us-east-1.amazonaws.com/a/b"},
			[]string{"a/c", "evil.example/x", host, host + "/a/c:1.0", host + "/a/c@sha256:" + long[:64], "user:secret@" + host + "/a/c", host + ":443/a/c", "http://" + host + "/a/c",
				host + "/a/c\nhttps://" + host + "/a/c/", "169.254.169.254/x", "123456789012.dkr.ecr.us-east-1.am\u0430zonaws.com/a/c", "##[error]x"}},
	} {
		try := func(value string, want []string) {
			in := inputs{"mode": "push", "jars": "jars", "repository": "a/b"}
			in[name] = value
			_, problems := parseWith(in, inputs{"AWS_REGION": "us-east-1"})
			if diff := cmp.Diff(want, wrong(problems), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: %+q: %s%v", name, value, diff, problems)
			}
			for _, p := range problems {
				if p.Message == "" || p.Advice == "" || strings.ContainsAny(p.String(), "\n\r") {
					t.Errorf("%s: %+q: problem %+q", name, value, p)
				}
			}
		}
		for _, value := range tt.good {
			try(value, nil)
		}
		for _, value := range tt.bad {
			try(value, []string{name})
		}
	}
}

func TestParseModes(t *testing.T) {
	for _, tt := range []struct {
		in   inputs
		want []string
	}{
		{inputs{}, []string{"jars"}},
		{inputs{"mode": "check", "jars": " , \n"}, []string{"jars"}},
		{inputs{"mode": "build", "jars": "a"}, nil},
		{inputs{"mode": "push", "jars": "a"}, []string{"repository"}},
		{inputs{"mode": "push", "jars": "a", "repository": " \n"}, []string{"repository"}},
		{inputs{"mode": "push"}, []string{"jars", "repository"}},
		{inputs{"mode": "verify"}, []string{"repository"}},
		{inputs{"mode": "verify", "repository": "a/b"}, nil},
	} {
		_, problems := parseWith(tt.in, inputs{"AWS_REGION": "us-east-1"})
		if diff := cmp.Diff(tt.want, wrong(problems)); diff != "" {
			t.Errorf("%v: %s", tt.in, diff)
		}
	}
}

// All problems are told at once: nobody mends one to be shown the next.
func TestParseAllProblems(t *testing.T) {
	_, problems := parseWith(inputs{
		"mode": "publsh", "on-existing-tag": "x", "create-repository": "x", "fail-on": "x", "strict": "x", "dry-run": "x", "source-date-epoch": "x",
		"aws-account-id": "x", "aws-region": "x", "image-tag": "-x", "repository": "A", "additional-tags": "-x",
	}, nil)
	want := []string{"additional-tags", "aws-account-id", "aws-region", "create-repository", "dry-run", "fail-on", "image-tag", "jars", "mode",
		"on-existing-tag", "repository", "source-date-epoch", "strict"}
	if diff := cmp.Diff(want, wrong(problems), cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Error(diff)
	}
}

func TestParseEpoch(t *testing.T) {
	for _, tt := range []struct {
		input, env string
		want       time.Time
		wrong      []string
	}{
		{"", "", time.Time{}, nil},
		{"", " 7\n", time.Unix(7, 0).UTC(), nil},
		{"8", "garbage", time.Unix(8, 0).UTC(), nil},
		{"", "garbage", time.Time{}, []string{"SOURCE_DATE_EPOCH"}},
	} {
		s, problems := parseWith(inputs{"jars": "a", "source-date-epoch": tt.input}, inputs{"SOURCE_DATE_EPOCH": tt.env})
		if diff := cmp.Diff(tt.wrong, wrong(problems)); diff != "" || !s.Epoch.Equal(tt.want) {
			t.Errorf("%q, %q: %v %s", tt.input, tt.env, s.Epoch, diff)
		}
	}
}

func TestUnknownInputs(t *testing.T) {
	env := Env{Environ: []string{"PATH=/bin", "INPUT_MODE=x", "INPUT_CONFIG-PATH=", "INPUT_ARGS=", "INPUT_ENTRYPOINT=", "INPUT_JAR=x", "INPUT_CONFIG_PATH=x", "INPUT_A\nB=x", "MY_INPUT_X=y"}}
	want := []Problem{
		{"inputs", `there is no input "jar"`, "See the list of inputs in the README."},
		{"inputs", `there is no input "config_path"`, "See the list of inputs in the README."},
		{"inputs", `there is no input "a\nb"`, "See the list of inputs in the README."},
	}
	if diff := cmp.Diff(want, unknownInputs(env)); diff != "" {
		t.Error(diff)
	}
	env.Environ = nil
	for _, i := range Inputs {
		env.Environ = append(env.Environ, i.Env()+"=x")
	}
	if problems := unknownInputs(env); problems != nil {
		t.Error(problems)
	}
}

// The accounts that are allowed hold for the target as far as it is known, but
// for the Marketplace's registry, to which sellers push from their own account.
func TestParseAllowed(t *testing.T) {
	for _, tt := range []struct {
		mode, repository string
		want             []string
	}{
		{"push", "123456789012.dkr.ecr.us-east-1.amazonaws.com/ab", nil},
		{"push", "210987654321.dkr.ecr.us-east-1.amazonaws.com/ab", []string{"allowed-account-ids"}},
		{"verify", "210987654321.dkr.ecr.us-east-1.amazonaws.com/ab", []string{"allowed-account-ids"}},
		{"build", "210987654321.dkr.ecr.us-east-1.amazonaws.com/ab", nil},
		{"check", "210987654321.dkr.ecr.us-east-1.amazonaws.com/ab", nil},
		{"push", "709825985650.dkr.ecr.us-east-1.amazonaws.com/ab", nil},
		{"push", "ab", nil}, // the account is asked for later
	} {
		in := inputs{"mode": tt.mode, "jars": "a", "repository": tt.repository, "allowed-account-ids": "123456789012"}
		if _, problems := parseWith(in, inputs{"AWS_REGION": "us-east-1"}); cmp.Diff(tt.want, wrong(problems)) != "" {
			t.Errorf("%s %s: %v", tt.mode, tt.repository, problems)
		}
	}
}

// An external id contradicts an ID token, which is taken wherever there is one.
func TestParseExternalID(t *testing.T) {
	tokens := inputs{"ACTIONS_ID_TOKEN_REQUEST_URL": "u", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t", "GITHUB_RUN_ID": "7"}
	for _, tt := range []struct {
		env      inputs
		chaining string
		want     []string
	}{
		{nil, "", nil},
		{tokens, "", []string{"role-external-id"}},
		{tokens, "true", nil},
	} {
		s, problems := parseWith(inputs{"jars": "a", "role-to-assume": "arn:aws:iam::123456789012:role/r", "role-external-id": "ab", "role-chaining": tt.chaining}, tt.env)
		if diff := cmp.Diff(tt.want, wrong(problems)); diff != "" {
			t.Errorf("%v: %s", tt, diff)
		}
		if want := credentials.SessionName(tt.env["GITHUB_RUN_ID"]); s.Role.SessionName != want {
			t.Errorf("session %q, want %q", s.Role.SessionName, want)
		}
	}
}
