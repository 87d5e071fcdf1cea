package credentials

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func token(payload string) string {
	return "aGVhZGVy." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2lnbmF0dXJl"
}

func TestParseClaims(t *testing.T) {
	for payload, want := range map[string]claims{
		`{}`: {},
		`{"iss":"i","aud":"a","sub":"s","repository":"r","ref":"f","environment":"e","job_workflow_ref":"w","actor":"x"}`: {"i", "a", "s", "r", "f", "e", "w"},
		`{"aud":["a","b"],"sub":7,"ref":null,"repository":{"a":1},"environment":[]}`:                                      {Audience: "a"},
	} {
		got, err := parseClaims(token(payload))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", payload, err, diff)
		}
	}
	for _, bad := range []string{"", "a", "a.b", "a.!.c", "a.e30.c.d", token("null"), token("[]"), token(`{"sub":"a","sub":"b"}`), token("{}x"), token("{\"sub\":\"\xff\"}"), strings.Repeat("a", maxAnswer) + ".e30.c"} {
		if c, err := parseClaims(bad); err == nil {
			t.Errorf("%.40q is %+v", bad, c)
		}
	}
}

func TestValid(t *testing.T) {
	for _, tt := range []struct {
		valid     func(string) bool
		good, bad []string
	}{
		{ValidRole, []string{arn, "arn:aws-cn:iam::123456789012:role/a/b/c.d@e", "arn:aws-us-gov:iam::000000000000:role/" + strings.Repeat("a", 64)},
			[]string{"", "publisher", "arn:aws:iam::12345678901:role/a", "arn:aws:iam::123456789012:user/a", "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:role/a b",
				arn + "\n", "arn:aws:iam::123456789012:role/" + strings.Repeat("a", 65), "arn:aws:sts::123456789012:assumed-role/a/b", "arn:aws:iam::123456789012:role/\u0430"}},
		{ValidSessionName, []string{"ab", "GlueConnector-1", strings.Repeat("a", 64)}, []string{"", "a", "a b", "a/b", strings.Repeat("a", 65), "ab\n"}},
		{ValidExternalID, []string{"ab", "a:b/c", strings.Repeat("a", 1224)}, []string{"", "a", "a b", strings.Repeat("a", 1225)}},
		{ValidAudience, []string{"sts.amazonaws.com", "https://a/b?c"}, []string{"", "a b", "a\n", strings.Repeat("a", 256)}},
	} {
		for _, s := range tt.good {
			if !tt.valid(s) {
				t.Errorf("%q is refused", s)
			}
		}
		for _, s := range tt.bad {
			if tt.valid(s) {
				t.Errorf("%q is taken", s)
			}
		}
	}
}

func TestSessionName(t *testing.T) {
	for run, want := range map[string]string{
		"": "GlueConnector", "123": "GlueConnector-123", "a b\n/é": "GlueConnector-ab", strings.Repeat("9", 99): "GlueConnector-" + strings.Repeat("9", 40),
	} {
		if got := SessionName(run); got != want || !ValidSessionName(got) {
			t.Errorf("%q: %q, want %q", run, got, want)
		}
	}
}

// Whatever a token says, what is told is one line of ASCII, holds nothing of its
// signature, and a policy is JSON that names exactly this job.
func FuzzClaims(f *testing.F) {
	for _, s := range []string{`{}`, `{"iss":"https://a/b","aud":"a","sub":"s"}`, `{"aud":["\u202e"],"sub":"${a}##[b\n"}`, `{"sub":"😀\u007f","aud":"é","iss":"https://a b"}`} {
		f.Add(s)
	}
	role := Role{ARN: arn}
	f.Fuzz(func(t *testing.T, payload string) {
		p := &provider{role: role, tokens: &tokens{}}
		text := p.facts(token(payload))
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q", text)
		}
		if len(text) > 12*7*maxClaim+1000 {
			t.Errorf("%d bytes", len(text))
		}
		_, policy, ok := strings.Cut(text, "this trust policy lets it: {")
		if !ok {
			return
		}
		var got struct {
			Statement []struct {
				Principal struct{ Federated string }
				Condition struct{ StringEquals map[string]string }
			}
		}
		if err := json.Unmarshal([]byte("{"+policy), &got); err != nil || len(got.Statement) != 1 {
			t.Fatalf("%v: %s", err, policy)
		}
		c, err := parseClaims(token(payload))
		s := got.Statement[0]
		want := map[string]string{c.provider() + ":aud": literal(c.Audience), c.provider() + ":sub": literal(c.Subject)}
		if diff := cmp.Diff(want, s.Condition.StringEquals); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		if s.Principal.Federated != "arn:aws:iam::123456789012:oidc-provider/"+c.provider() || strings.Contains(policy, "##[") {
			t.Error(policy)
		}
	})
}
