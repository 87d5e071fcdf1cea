package credentials

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
)

// maxAnswer bounds what the runner's endpoint may say, in bytes: STS takes no
// token of more than 20,000 characters.
const maxAnswer = 64 << 10

// jwt is the form of a token: https://www.rfc-editor.org/rfc/rfc7515#section-7.1
var jwt = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)

// requestToken keeps what no header can carry out of one.
var requestToken = regexp.MustCompile(`^[!-~]+$`)

// tokens gets ID tokens from the runner. GetIDToken of go-githubactions follows
// redirects, takes plain http to any host, and quotes an answer whole; a token
// must neither go nor come that way.
type tokens struct {
	url   string
	token string
	http  *http.Client
}

func newTokens(r Runner, audience string, l limits) (*tokens, error) {
	u, err := url.Parse(r.URL)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "" || u.User != nil:
		err = errors.New("it is no URL with a host")
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		err = errors.New("it is not https")
	case !requestToken.MatchString(r.Token):
		err = errors.New("the token beside it has characters that no token has")
	}
	if err != nil {
		return nil, &Error{Kind: Inputs, doing: "reading ACTIONS_ID_TOKEN_REQUEST_URL", err: err, hint: "The runner sets it: pass it on as it is."}
	}
	q := u.Query()
	q.Set("audience", audience)
	u.RawQuery, u.Fragment = q.Encode(), ""
	return &tokens{url: u.String(), token: r.Token, http: &http.Client{
		Timeout:       l.call,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: l.call}).DialContext,
			TLSHandshakeTimeout:   l.call,
			ResponseHeaderTimeout: l.call,
			DisableKeepAlives:     true, // one request a run, most often
		},
	}}, nil
}

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// reply is an answer of the runner's endpoint that holds no token.
type reply struct {
	status int
	wait   time.Duration // that it asks for
}

func (r *reply) Error() string {
	if r.status == http.StatusOK {
		return "the answer holds no token"
	}
	return fmt.Sprintf("GitHub answers %d %s", r.status, http.StatusText(r.status))
}

// get gets a new token. See https://docs.github.com/en/actions/reference/security/oidc
// for the call; nothing of the answer but the token is used.
func (t *tokens) get(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.url, nil)
	if err != nil {
		return "", &tokenError{err}
	}
	req.Header.Set("Authorization", "bearer "+t.token)
	req.Header.Set("Accept", "application/json")
	resp, err := t.http.Do(req)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err // its URL is of no use to people
		}
		return "", &tokenError{err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if resp.StatusCode != http.StatusOK {
		seconds, _ := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 16)
		return "", &tokenError{&reply{resp.StatusCode, time.Duration(seconds) * time.Second}}
	}
	if err != nil {
		return "", &tokenError{err}
	}
	var out struct {
		Value string `json:"value"`
	}
	if len(body) > maxAnswer || json.Unmarshal(body, &out) != nil || len(out.Value) > 20000 || !jwt.MatchString(out.Value) {
		return "", &tokenError{&reply{status: http.StatusOK}}
	}
	return out.Value, nil
}

// tokenError tells a failure to get a token from one of STS.
type tokenError struct{ error }

func (e *tokenError) Unwrap() error { return e.error }
