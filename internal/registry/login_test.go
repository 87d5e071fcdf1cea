package registry

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"glue-connector/internal/fake"
)

// isToken matches the call that gets a token.
func isToken(r *http.Request) bool {
	return strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".GetAuthorizationToken")
}

func tokenCalls(w *fake.World) (n int) {
	for _, name := range calls(w) {
		if name == "GetAuthorizationToken" {
			n++
		}
	}
	return n
}

// A token that expires at any request of a push is replaced, once for all the
// blobs that move at that moment.
func TestTokenExpiresDuringThePush(t *testing.T) {
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			w, img := newWorld(t), twoJars(t)
			var seen atomic.Bool
			w.Intercept(func(r *http.Request) http.Handler {
				if s.match(r) && r.Header.Get("Authorization") != "" && seen.CompareAndSwap(false, true) {
					w.ExpireTokens()
				}
				return nil
			})
			got, err := open(t, w).Push(t.Context(), img, []string{tag}, SkipIdentical)
			pushed(t, w, got, err)
			if tagged(w, tag) != digest(t, img) {
				t.Error("the tag holds another image")
			}
			want := 2
			if !seen.Load() { // this push has no such request with credentials
				want = 1
			}
			if n := tokenCalls(w); n != want {
				t.Errorf("%d tokens were asked for, want %d", n, want)
			}
		})
	}
}

// A registry that refuses every token is given up after the second one.
func TestTokenExpiredForEver(t *testing.T) {
	const said = "DENIED: Your authorization token has expired"
	// The tag is asked for while blobs are, and of a HEAD there is no text.
	refused := map[string]string{"GET tag": said, "HEAD blob": "", "PUT blob": "pushing to ", "PUT tag": said}
	for name := range refused {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if name == "HEAD blob" {
				withoutAPI(w)
			}
			w.Intercept(func(r *http.Request) http.Handler {
				if matching(name)(r) {
					w.ExpireTokens()
				}
				return nil
			})
			r := open(t, w)
			for range 2 {
				_, err := r.Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
				failure{"auth", refused[name], "ecr:GetAuthorizationToken"}.check(t, err)
				if n := tokenCalls(w); n != 2 {
					t.Errorf("%d tokens were asked for, want 2", n)
				}
				refused[name] = said // the next one is refused at its first GET
			}
			if tags := w.Tags(ref.Host(), ref.Repository); len(tags) > 0 {
				t.Errorf("tags %v", tags)
			}
		})
	}
}

// A token near its end is replaced without a refusal; one that names no end,
// or a far one, is used throughout.
func TestTokenLifetime(t *testing.T) {
	for _, tc := range []struct {
		name string
		end  func() string // of the answer's JSON
		once bool
	}{
		{"none", func() string { return "" }, true},
		{"null", func() string { return `,"expiresAt":null` }, true},
		{"far", func() string { return fmt.Sprintf(`,"expiresAt":%d`, time.Now().Add(time.Hour).Unix()) }, true},
		{"near", func() string { return fmt.Sprintf(`,"expiresAt":%d`, time.Now().Add(time.Minute).Unix()) }, false},
		{"past", func() string { return `,"expiresAt":1000000000` }, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w, img := newWorld(t), twoJars(t)
			token := realToken(t, w)
			before := tokenCalls(w)
			inject(w, isToken, -1, answer(200, "application/x-amz-json-1.1",
				`{"authorizationData":[{"authorizationToken":"`+token+`"`+tc.end()+`}]}`))
			got, err := open(t, w).Push(t.Context(), img, []string{tag}, SkipIdentical)
			pushed(t, w, got, err)
			if n := tokenCalls(w) - before; (n == 1) != tc.once || n == 0 {
				t.Errorf("%d tokens were asked for", n)
			}
		})
	}
}

// realToken is one that the world takes.
func realToken(t testing.TB, w *fake.World) string {
	t.Helper()
	password, err := open(t, w).guard.login.token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString([]byte("AWS:" + password))
}

func TestTokenAnswers(t *testing.T) {
	json := func(code int, body string) http.HandlerFunc { return answer(code, "application/x-amz-json-1.1", body) }
	token := func(plain string) http.HandlerFunc {
		return json(200, `{"authorizationData":[{"authorizationToken":"`+base64.StdEncoding.EncodeToString([]byte(plain))+`"}]}`)
	}
	none := failure{"auth", "the answer holds none", ""}
	garbled := failure{"auth", "the answer is no AWS token", ""}
	expired := failure{"auth", "getting a token", "have expired: get new ones"}
	for _, tc := range []struct {
		name    string
		h       http.HandlerFunc
		failure failure
	}{
		{"no data", json(200, `{}`), none},
		{"empty data", json(200, `{"authorizationData":[]}`), none},
		{"data without token", json(200, `{"authorizationData":[{}]}`), none},
		{"empty token", json(200, `{"authorizationData":[{"authorizationToken":""}]}`), none},
		{"no base64", json(200, `{"authorizationData":[{"authorizationToken":"%%%"}]}`), garbled},
		{"no password", token("AWS"), garbled},
		{"another user", token("root:secret"), garbled},
		{"denied", json(400, `{"__type":"AccessDeniedException","message":"User: x is not authorized"}`),
			failure{"auth", "getting a token for registry 123456789012", "Allow the role ecr:GetAuthorizationToken on *"}},
		{"expired", json(400, `{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}`), expired},
		{"unknown key", json(400, `{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}`), expired},
		{"bad secret", json(400, `{"__type":"InvalidSignatureException","message":"mismatch"}`), expired},
		{"AWS is down", json(500, `{"__type":"ServerException","message":"down"}`), failure{"remote", "getting a token", "health.aws.amazon.com"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t)
			inject(w, isToken, -1, tc.h)
			r := open(t, w)
			_, push := r.Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
			_, size := r.BlobSize(t.Context(), "sha256:"+strings.Repeat("0", 64))
			for _, err := range []error{push, size} {
				tc.failure.check(t, err)
				if strings.Contains(err.Error(), "secret") && tc.name == "another user" {
					t.Errorf("the message has the password: %v", err)
				}
			}
			for _, r := range w.Requests() {
				if r.Target == "" && r.Authorization {
					t.Errorf("credentials were sent: %+v", r)
				}
			}
		})
	}
}

// The registry's own denial names the action and the repository to allow it on.
func TestDeniedAtTheRegistry(t *testing.T) {
	for _, action := range []string{"ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"} {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			w.Deny(action)
			_, err := open(t, w).Push(t.Context(), twoJars(t), []string{tag}, SkipIdentical)
			_, short, _ := strings.Cut(action, ":")
			failure{"auth", action, short}.check(t, err)
			failure{"auth", "DENIED", "arn:aws:ecr:eu-west-1:123456789012:repository/my-company/demo"}.check(t, err)
			if tokenCalls(w) != 1 {
				t.Error("a denial was taken for an expired token")
			}
			if slices.Contains(w.Tags(ref.Host(), ref.Repository), tag) {
				t.Error("the tag was put")
			}
		})
	}
}
