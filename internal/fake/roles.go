package fake

import (
	"crypto/rand"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Role is a role of IAM. Its sessions work for its account's registry and that of
// AWS Marketplace.
type Role struct {
	ARN string
	// Trust is the trust policy, of which the parts that trustPolicy knows count.
	Trust string
	// MaxDuration of a session; an hour if it is zero, as in IAM.
	MaxDuration time.Duration
}

// session is what STS has given out for a role.
type session struct {
	account, arn  string
	secret, token string
	ends          time.Time
}

// CreateRole makes a role, or changes it. It panics if the trust policy is none.
func (w *World) CreateRole(r Role) {
	if _, err := parseTrust(r.Trust); err != nil || roleARN.FindString(r.ARN) == "" {
		panic(fmt.Sprintf("creating role %s: %v", r.ARN, err))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.roles[r.ARN] = r
}

// CreateIDProvider makes an account know the ID tokens of an issuer, such as
// [GitHubIssuer], that are for one of the audiences.
func (w *World) CreateIDProvider(account, issuer string, audiences ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idProviders[providerARN(account, issuer)] = audiences
}

func providerARN(account, issuer string) string {
	return "arn:aws:iam::" + account + ":oidc-provider/" + strings.TrimPrefix(issuer, "https://")
}

var (
	roleARN = regexp.MustCompile(`^arn:aws:iam::(\d{12}):role/(?:[!-~]+/)?([\w+=,.@-]{1,64})$`)
	// The patterns of RoleSessionName and ExternalId in the API's model.
	sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)
	externalID  = regexp.MustCompile(`^[\w+=,.@:/-]+$`) // 2 to 1,224 characters
)

// assumeRoleWithWebIdentity refuses in the order and words of AWS. That of a role
// that does not exist is the same as of one that does not trust the token.
func (w *World) assumeRoleWithWebIdentity(c *call, form url.Values) (any, *fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	arn := form.Get("RoleArn")
	claims, f := w.readIDToken(form.Get("WebIdentityToken"))
	if f != nil {
		return nil, f
	}
	m := roleARN.FindStringSubmatch(arn)
	if m == nil {
		return nil, badRequest("ValidationError", "Request ARN is invalid")
	}
	issuer, _ := claims["iss"].(string)
	audiences, known := w.idProviders[providerARN(m[1], issuer)]
	audience, _ := claims["aud"].(string)
	switch {
	case !known:
		return nil, badRequest("InvalidIdentityToken", "No OpenIDConnect provider found in your account for %s", issuer)
	case !slices.Contains(audiences, audience):
		return nil, badRequest("InvalidIdentityToken", "Incorrect token audience")
	}
	name := strings.TrimPrefix(issuer, "https://")
	keys := map[string]string{}
	for claim, v := range claims {
		keys[name+":"+claim] = fmt.Sprint(v)
	}
	role, ok := w.roles[arn]
	if !ok || !role.trusts("sts:AssumeRoleWithWebIdentity", "Federated", []string{providerARN(m[1], issuer)}, keys) {
		return nil, &fault{http.StatusForbidden, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"}
	}
	return w.begin("AssumeRoleWithWebIdentity", role, form, false)
}

func (w *World) assumeRole(c *call, form url.Values) (any, *fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	arn := form.Get("RoleArn")
	if !roleARN.MatchString(arn) {
		return nil, badRequest("ValidationError", "Request ARN is invalid")
	}
	keys := map[string]string{}
	if id := form.Get("ExternalId"); id != "" {
		if len(id) < 2 || len(id) > 1224 || !externalID.MatchString(id) {
			return nil, badRequest("ValidationError", "Value at 'externalId' failed to satisfy constraint")
		}
		keys["sts:ExternalId"] = id
	}
	role, ok := w.roles[arn]
	// A policy may name the account, the role behind a session, or the session.
	callers := []string{c.account, "arn:aws:iam::" + c.account + ":root", c.arn, behind(c.arn)}
	if !ok || !role.trusts("sts:AssumeRole", "AWS", callers, keys) {
		return nil, &fault{http.StatusForbidden, "AccessDenied", fmt.Sprintf(
			"User: %s is not authorized to perform: sts:AssumeRole on resource: %s", c.arn, arn)}
	}
	return w.begin("AssumeRole", role, form, true)
}

// behind is the ARN of the role that a session is of.
func behind(session string) string {
	parts := strings.Split(session, "/")
	if len(parts) != 3 {
		return session
	}
	return strings.Replace(strings.Replace(parts[0], ":sts:", ":iam:", 1), ":assumed-role", ":role/", 1) + parts[1]
}

// begin begins a session. With chained, the caller is one already: the world's
// own credentials stand for such, as callerARN says.
func (w *World) begin(action string, role Role, form url.Values, chained bool) (any, *fault) {
	name := form.Get("RoleSessionName")
	if !sessionName.MatchString(name) {
		return nil, badRequest("ValidationError", "Value '%s' at 'roleSessionName' failed to satisfy constraint", name)
	}
	seconds := 3600
	if text := form.Get("DurationSeconds"); text != "" {
		seconds, _ = strconv.Atoi(text)
	}
	limit := role.MaxDuration
	if limit == 0 {
		limit = time.Hour
	}
	duration := time.Duration(seconds) * time.Second
	switch {
	case seconds < 900 || seconds > 43200:
		return nil, badRequest("ValidationError", "Value '%d' at 'durationSeconds' failed to satisfy constraint", seconds)
	case chained && duration > time.Hour:
		return nil, badRequest("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
	case duration > limit:
		return nil, badRequest("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	m := roleARN.FindStringSubmatch(role.ARN)
	key := "ASIA" + rand.Text()[:16]
	s := session{account: m[1], arn: fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/%s", m[1], m[2], name),
		secret: "fake-secret-" + rand.Text(), token: "fake-session-" + rand.Text(), ends: time.Now().Add(duration)}
	w.sessions[key] = s
	return assumed{
		XMLName: xml.Name{Local: action + "Response"}, Namespace: stsNamespace,
		Result: assumedResult{
			XMLName: xml.Name{Local: action + "Result"},
			Key:     key, Secret: s.secret, Token: s.token, Ends: s.ends.UTC().Format(time.RFC3339),
			ARN: s.arn, ID: "AROAIOSFODNN7EXAMPLE:" + name,
		},
		RequestID: "00000000-0000-0000-0000-000000000000",
	}, nil
}

type assumed struct {
	XMLName   xml.Name
	Namespace string `xml:"xmlns,attr"`
	Result    assumedResult
	RequestID string `xml:"ResponseMetadata>RequestId"`
}

type assumedResult struct {
	XMLName xml.Name
	Key     string `xml:"Credentials>AccessKeyId"`
	Secret  string `xml:"Credentials>SecretAccessKey"`
	Token   string `xml:"Credentials>SessionToken"`
	Ends    string `xml:"Credentials>Expiration"`
	ARN     string `xml:"AssumedRoleUser>Arn"`
	ID      string `xml:"AssumedRoleUser>AssumedRoleId"`
}

// EndSessions ends every session of a role begun so far.
func (w *World) EndSessions() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for k, s := range w.sessions {
		s.ends = time.Now()
		w.sessions[k] = s
	}
}

// Secrets returns everything of the sessions that must not be seen.
func (w *World) Secrets() (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.sessions {
		all = append(all, s.secret, s.token)
	}
	if w.idTokens.request != "" {
		all = append(all, w.idTokens.request)
	}
	for _, t := range w.idTokens.issued {
		all = append(all, strings.Split(t, ".")[1:]...)
	}
	for t := range w.tokens {
		all = append(all, t)
	}
	return all
}
