package credentials

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// What goes away by itself is survived, and STS never sees a token twice.
func TestAssumeSurvives(t *testing.T) {
	for name, tt := range map[string]struct {
		match func(*http.Request) bool
		n     int
		h     http.HandlerFunc
	}{
		"nothing":                     {forSTS, 0, nil},
		"endpoint 500":                {forToken, 3, answer(500, "text/html", "<html>")},
		"endpoint 429":                {forToken, 3, answer(429, "application/json", "{}")},
		"endpoint reset":              {forToken, 3, reset},
		"STS 500":                     {forSTS, 3, answer(500, "text/html", "<html>")},
		"STS 503":                     {forSTS, 3, refusal(503, "ServiceUnavailable", "x")},
		"STS reset":                   {forSTS, 3, reset},
		"STS throttles":               {forSTS, 3, refusal(400, "Throttling", "Rate exceeded")},
		"STS does not reach GitHub":   {forSTS, 3, refusal(400, "IDPCommunicationError", "x")},
		"STS finds no key":            {forSTS, 3, refusal(400, "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider")},
		"STS refuses for no reason":   {forSTS, 2, refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")},
		"a proxy answers once or so":  {forSTS, 2, answer(200, "text/html", "<html>")},
		"STS answers without content": {forSTS, 2, answer(200, "text/xml", "<AssumeRoleWithWebIdentityResponse/>")},
	} {
		t.Run(name, func(t *testing.T) {
			w, role := newWorld(t)
			inject(w, tt.match, tt.n, tt.h)
			cfg, err := assume(t.Context(), configOf(w), role, quick)
			if err != nil {
				t.Fatal(err)
			}
			out, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
			if err != nil || *out.Arn != "arn:aws:sts::123456789012:assumed-role/publisher/test" {
				t.Errorf("worked as %v, %v", out, err)
			}
			distinct(t, w)
			issued, _ := w.IDTokens()
			if want := tt.n + 1; len(issued) != want && !strings.HasPrefix(name, "endpoint") {
				t.Errorf("%d tokens were issued, want %d", len(issued), want)
			}
		})
	}
}

// A token that ends on its way is replaced by a new one.
func TestAssumeExpired(t *testing.T) {
	w, role := newWorld(t)
	var seen atomic.Bool
	w.Intercept(func(r *http.Request) http.Handler {
		if forSTS(r) && seen.CompareAndSwap(false, true) {
			w.ExpireIDTokens()
		}
		return nil
	})
	if _, err := assume(t.Context(), configOf(w), role, quick); err != nil {
		t.Fatal(err)
	}
	if n := distinct(t, w); n != 2 {
		t.Errorf("%d attempts, want 2", n)
	}
}

func TestAssumeFails(t *testing.T) {
	elsewhere := func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/elsewhere", http.StatusFound) }
	long := `{"value":"` + strings.Repeat("a", maxAnswer) + `.b.c"}`
	echo := func(rw http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		refusal(403, "AccessDenied", "no to "+r.PostForm.Get("WebIdentityToken")+" ?x="+r.PostForm.Get("WebIdentityToken"))(rw, r)
	}
	for name, tt := range map[string]struct {
		match      func(*http.Request) bool
		h          http.HandlerFunc
		kind       Kind
		text, hint string
		attempts   int // 0 for all that there may be
	}{
		"endpoint 500":          {forToken, answer(500, "text/html", "<html>"), Remote, "getting an ID token from GitHub: GitHub answers 500 Internal Server Error", "githubstatus", 0},
		"endpoint 401":          {forToken, answer(401, "text/html", "<html>"), Auth, "GitHub answers 401", "id-token: write", 1},
		"endpoint redirects":    {forToken, elsewhere, Remote, "GitHub answers 302", "proxy", 1},
		"endpoint {}":           {forToken, answer(200, "application/json", "{}"), Remote, "the answer holds no token", "proxy", 1},
		"endpoint no JSON":      {forToken, answer(200, "text/html", "<html>"), Remote, "the answer holds no token", "proxy", 1},
		"endpoint no token":     {forToken, answer(200, "application/json", `{"value":"a b"}`), Remote, "the answer holds no token", "proxy", 1},
		"endpoint long":         {forToken, answer(200, "application/json", long), Remote, "the answer holds no token", "proxy", 1},
		"STS refuses":           {forSTS, refusal(403, "AccessDenied", "Not authorized"), Auth, "assuming role " + arn + ": AccessDenied: Not authorized", `does not say which. GitHub says of this job: aud "sts.amazonaws.com", sub "repo:octo/demo:ref:refs/heads/main".`, refusals},
		"STS says expired":      {forSTS, refusal(400, "ExpiredTokenException", "Token expired"), Auth, "Token expired", "had ended when it arrived", refusals},
		"STS region":            {forSTS, refusal(403, "RegionDisabledException", "STS is not activated in this region"), Auth, "not activated", "Activate STS", 1},
		"STS odd":               {forSTS, refusal(400, "ValidationError", "\n::error::x"), Auth, "ValidationError: ::error::x", "role-to-assume", 1},
		"STS 500":               {forSTS, refusal(500, "InternalFailure", "x"), Remote, "InternalFailure", "health.aws", 0},
		"STS echoes the token":  {forSTS, echo, Auth, "no to ***", "does not say which", refusals},
		"STS says much":         {forSTS, refusal(403, "AccessDenied", strings.Repeat("é", 5000)), Auth, `\u00e9...`, "does not say which", refusals},
		"STS never reached IDP": {forSTS, refusal(400, "IDPCommunicationError", "x"), Remote, "IDPCommunicationError", "could not reach GitHub", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w, role := newWorld(t)
			inject(w, tt.match, 1<<30, tt.h)
			_, err := assume(t.Context(), configOf(w), role, quick)
			silent(t, w, err)
			e, _ := errors.AsType[*Error](err)
			if e.Kind != tt.kind || !strings.Contains(e.Error(), tt.text) || !strings.Contains(e.Hint(), tt.hint) {
				t.Errorf("%s: %v\n%s", e.Kind, e, e.Hint())
			}
			n, elsewhere := 0, 0
			for _, r := range w.Requests() {
				if strings.HasSuffix(r.Path, "/idtoken") {
					n++
				}
				if r.Path == "/elsewhere" {
					elsewhere++
				}
			}
			want := tt.attempts
			if want == 0 {
				want = repeats + 1
			}
			// A server that answers before it has read the request may reset the
			// connection, which is one more attempt.
			if n < want || n > repeats+1 || elsewhere > 0 {
				t.Errorf("%d tokens were asked for, want %d; %d requests elsewhere", n, want, elsewhere)
			}
		})
	}
}
