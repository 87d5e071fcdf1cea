package fake

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// idTokenPath is where the runner's endpoint is; the real one is as long.
const idTokenPath = "/_apis/distributedtask/hubs/Actions/idtoken"

// GitHubIssuer is who issues ID tokens at github.com.
const GitHubIssuer = "https://token.actions.githubusercontent.com"

// idTokens is the runner's endpoint for ID tokens, and what it has issued.
type idTokens struct {
	request string         // the request token; "" without id-token: write
	claims  map[string]any // of the job
	issued  []string
	ended   map[string]bool
	shown   []string // to STS, in order
}

// GiveIDTokens gives the job the permission id-token: write. The claims are those
// of its tokens besides iss, aud, jti, iat and exp, which may be named to be others. It
// returns what the runner puts into the job's environment, as KEY=value.
func (w *World) GiveIDTokens(claims map[string]any) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idTokens.request, w.idTokens.claims = "fake-request-token-"+rand.Text(), maps.Clone(claims)
	return []string{
		"ACTIONS_ID_TOKEN_REQUEST_URL=" + w.GitHubURL() + idTokenPath + "?api-version=2.0",
		"ACTIONS_ID_TOKEN_REQUEST_TOKEN=" + w.idTokens.request,
	}
}

// IDTokens returns every ID token issued so far, and those that STS was shown.
func (w *World) IDTokens() (issued, shown []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.idTokens.issued), slices.Clone(w.idTokens.shown)
}

// ExpireIDTokens ends every ID token issued so far.
func (w *World) ExpireIDTokens() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range w.idTokens.issued {
		w.idTokens.ended[t] = true
	}
}

func (w *World) serveIDToken(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	refuse := func(status int, message string) {
		rw.WriteHeader(status)
		json.NewEncoder(rw).Encode(map[string]string{"message": message})
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch {
	case r.Method != http.MethodGet:
		refuse(http.StatusMethodNotAllowed, "The requested resource does not support http method '"+r.Method+"'.")
	case !strings.EqualFold(scheme, "bearer") || w.idTokens.request == "" || token != w.idTokens.request:
		refuse(http.StatusUnauthorized, "Unauthorized")
	case r.URL.Query().Get("api-version") != "2.0":
		refuse(http.StatusBadRequest, "No api-version was supplied for the request.")
	default:
		audience := r.URL.Query().Get("audience")
		if audience == "" {
			audience = "https://github.com/octo" // the owner's URL
		}
		json.NewEncoder(rw).Encode(map[string]any{"count": 1, "value": w.issueIDToken(audience)})
	}
}

// issueIDToken makes a token in the form of a JWT. Its signature is random: that
// it was issued here is what STS checks.
func (w *World) issueIDToken(audience string) string {
	now := time.Now()
	claims := map[string]any{"iss": GitHubIssuer, "aud": audience, "jti": rand.Text(),
		"iat": now.Unix(), "nbf": now.Add(-10 * time.Minute).Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	maps.Copy(claims, w.idTokens.claims)
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(fmt.Sprintf("issuing an ID token: %v", err))
	}
	signature := make([]byte, 256)
	rand.Read(signature)
	encode := base64.RawURLEncoding.EncodeToString
	token := encode([]byte(`{"alg":"RS256","kid":"fake","typ":"JWT"}`)) + "." + encode(payload) + "." + encode(signature)
	w.idTokens.issued = append(w.idTokens.issued, token)
	return token
}

// readIDToken returns the claims of a token if it was issued here. The lock is held.
func (w *World) readIDToken(token string) (map[string]any, *fault) {
	w.idTokens.shown = append(w.idTokens.shown, token)
	if !slices.Contains(w.idTokens.issued, token) {
		return nil, badRequest("InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
	}
	payload, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		panic(fmt.Sprintf("reading an ID token: %v", err))
	}
	end, _ := claims["exp"].(float64)
	if w.idTokens.ended[token] || int64(end) < time.Now().Unix() {
		return nil, badRequest("ExpiredTokenException", "Token expired: current date/time %d must be before the expiration date/time %d", time.Now().Unix(), int64(end))
	}
	return claims, nil
}
