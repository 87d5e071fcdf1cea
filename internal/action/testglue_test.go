package action

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const jobRole = "arn:aws:iam::123456789012:role/gcv-job"

// The inputs of the runner glue count with it only, and their grammar keeps what is
// no role or place from being tried.
func TestGlueInputs(t *testing.T) {
	fine := inputs{"mode": "test", "jars": "jars", "runner": "glue", "glue-role": jobRole, "test-s3-prefix": "s3://our-tests/gcv"}
	for name, tt := range map[string]struct{ good, bad []string }{
		"glue-role": {[]string{jobRole, "arn:aws-cn:iam::123456789012:role/a/b"}, []string{"", "gcv-job", "arn:aws:iam::12:role/x", "arn:aws:iam::123456789012:user/x"}},
		"test-s3-prefix": {[]string{"s3://abc", "s3://abc/", "s3://a.b-c/d/e=f/G_1."}, []string{"", "abc", "s3://", "s3://ab", "s3://ABC", "s3://abc//d", "s3://abc/../d",
			"s3://abc/d e", "s3://abc/d?x", "s3://abc/ü", "https://abc.s3.amazonaws.com/d", "s3://abc/d\ns3://abc/e", "s3://abc/##[error]"}},
		"max-concurrent-runs":  {[]string{"", "1", "50"}, []string{"0", "51", "-1", "four", "1.5"}},
		"glue-connections":     {[]string{"", "a, b c"}, []string{"a\x00b", "a'b", strings.Repeat("x", 256)}},
		"test-timeout-minutes": {[]string{"", "1", "30.5"}, []string{"0", "0.5"}},
		"runner":               {[]string{"glue"}, nil},
	} {
		try := func(mode, value string, want []string) {
			in := inputs{}
			for k, v := range fine {
				in[k] = v
			}
			in["mode"], in[name] = mode, value
			_, problems := parseWith(in, nil)
			if diff := cmp.Diff(want, wrong(problems), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: %+q: %s%v", name, value, diff, problems)
			}
		}
		for _, value := range tt.good {
			try("test", value, nil)
		}
		for _, value := range tt.bad {
			try("test", value, []string{name})
			if name != "test-timeout-minutes" {
				try("check", value, nil)
			}
		}
	}
	for name, more := range map[string]inputs{
		"glue-role":           {"role-to-assume": jobRole},
		"allowed-account-ids": {"allowed-account-ids": "210987654321"},
	} {
		in := inputs{}
		for k, v := range fine {
			in[k] = v
		}
		for k, v := range more {
			in[k] = v
		}
		if _, problems := parseWith(in, nil); len(problems) != 1 || problems[0].Input != name {
			t.Errorf("%v: %v", more, problems)
		}
	}
}
