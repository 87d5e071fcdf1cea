package credentials

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"glue-connector/internal/fake"
)

const arn = "arn:aws:iam::123456789012:role/publisher"

var quick = limits{call: 2 * time.Second, total: 10 * time.Second, backoff: time.Millisecond, longest: 50 * time.Millisecond}

// newWorld is a world in which a job of octo/demo may assume the role.
func newWorld(t *testing.T) (*fake.World, Role) {
	t.Helper()
	w, err := fake.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	w.CreateIDProvider("123456789012", fake.GitHubIssuer, "sts.amazonaws.com")
	role := Role{ARN: arn, SessionName: "test", Duration: time.Hour}
	role.Runner = runner(w, map[string]any{"sub": "repo:octo/demo:ref:refs/heads/main"})
	c := claims{Subject: "repo:octo/demo:ref:refs/heads/main", Audience: "sts.amazonaws.com"}
	w.CreateRole(fake.Role{ARN: arn, Trust: c.trustPolicy(role)})
	return w, role
}

func runner(w *fake.World, claims map[string]any) (r Runner) {
	for _, kv := range w.GiveIDTokens(claims) {
		k, v, _ := strings.Cut(kv, "=")
		if strings.HasSuffix(k, "_URL") {
			r.URL = v
		} else {
			r.Token = v
		}
	}
	return r
}

func configOf(w *fake.World) aws.Config {
	return aws.Config{Region: "eu-west-1", BaseEndpoint: aws.String(w.AWSURL())}
}

func forToken(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/idtoken") }

func forSTS(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// inject lets h serve the first n requests that match.
func inject(w *fake.World, match func(*http.Request) bool, n int, h http.HandlerFunc) {
	var seen atomic.Int64
	w.Intercept(func(r *http.Request) http.Handler {
		if !match(r) || seen.Add(1) > int64(n) {
			return nil
		}
		return h
	})
}

func answer(status int, contentType, body string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", contentType)
		rw.WriteHeader(status)
		fmt.Fprint(rw, body)
	}
}

func refusal(status int, code, message string) http.HandlerFunc {
	return answer(status, "text/xml", "<ErrorResponse><Error><Code>"+code+"</Code><Message>"+message+"</Message></Error></ErrorResponse>")
}

func reset(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// silent fails the test if an error shows anything that must not be seen, or is
// not one line of ASCII.
func silent(t *testing.T, w *fake.World, err error) {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("got %T %v, want *Error", err, err)
	}
	text := e.Error() + e.Hint()
	for _, secret := range w.Secrets() {
		if strings.Contains(text, secret) {
			t.Errorf("a secret is in %s", text)
		}
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		t.Errorf("not one line of ASCII: %q", text)
	}
}

// distinct fails the test if STS was shown a token twice.
func distinct(t *testing.T, w *fake.World) (shown int) {
	t.Helper()
	_, all := w.IDTokens()
	if n := len(slices.Compact(slices.Sorted(slices.Values(all)))); n != len(all) {
		t.Errorf("%d tokens for %d attempts", n, len(all))
	}
	return len(all)
}
