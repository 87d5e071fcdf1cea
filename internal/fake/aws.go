package fake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// maxCall bounds the body of an AWS call; ECR's own limit on a manifest is 4 MiB.
const maxCall = 5 << 20

// service is one AWS service: how its calls are told from others', and how it
// answers and refuses them.
type service struct {
	name   string // signing name in the scope of the signature, and IAM prefix
	claims func(*http.Request) bool
	// unsigned is an action that takes no signature.
	unsigned string
	// most is how large a body may be, in bytes; maxCall if it is zero.
	most   int64
	serve  func(*World, http.ResponseWriter, *call)
	refuse func(http.ResponseWriter, *fault)
}

// services is every AWS service of the world. A new one adds a line and a file.
var services = []service{
	{name: "ecr", claims: claimsTarget(ecrTarget), serve: (*World).serveECR, refuse: refuseJSON},
	{name: "aws-marketplace", claims: claimsCatalog, serve: (*World).serveCatalog, refuse: refuseCatalog},
	{name: "glue", claims: claimsTarget(glueTarget), serve: (*World).serveGlue, refuse: refuseJSON},
	{name: "logs", claims: claimsTarget(logsTarget), serve: (*World).serveLogs, refuse: refuseJSON},
	{name: "secretsmanager", claims: claimsTarget(secretsTarget), serve: (*World).serveSecrets, refuse: refuseJSON},
	{name: "s3", claims: claimsS3, most: maxObject, serve: (*World).serveS3, refuse: refuseS3},
	{name: "sts", claims: claimsSTS, unsigned: "AssumeRoleWithWebIdentity", serve: (*World).serveSTS, refuse: refuseSTS},
}

// call is one signed call of an AWS service.
type call struct {
	*http.Request
	action string // without the service's prefix
	region string // of the signature
	// account and arn are the caller's. bound tells that they are those of a role's
	// session, which works for no other account.
	account, arn string
	bound        bool
	body         []byte
	checked      bool // the body was held to a checksum that came with it
}

// fault is an error that a service answers with.
type fault struct {
	status        int
	code, message string
}

func badRequest(code, format string, args ...any) *fault {
	return &fault{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

// serveAWS finds the service by the shape of the call, not by its signature, so
// that an unsigned call is refused in the service's own words.
func (w *World) serveAWS(rw http.ResponseWriter, r *http.Request) {
	t := target(r)
	for _, s := range services {
		if !s.claims(r) {
			continue
		}
		c := &call{Request: r, action: t[strings.LastIndexByte(t, '.')+1:]}
		var f *fault
		if s.unsigned == "" || c.action != s.unsigned {
			f = w.verify(c, s.name)
		}
		if f == nil {
			f = c.read(cmp.Or(s.most, maxCall))
		}
		if f != nil {
			s.refuse(rw, f)
			return
		}
		s.serve(w, rw, c)
		return
	}
	noFake(rw, r, t)
}

// noFake answers a call that nothing models. 501 is no status of AWS's, and the
// SDKs retry it like any 5xx; the message names what is missing.
func noFake(rw http.ResponseWriter, r *http.Request, target string) {
	refuseJSON(rw, &fault{http.StatusNotImplemented, "NotImplemented",
		fmt.Sprintf("no fake for %s %s %s", r.Method, r.URL.Path, target)})
}

// The grammar is in the Signature Version 4 guide, "Authorization header".
var (
	signature = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?` +
		`SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}$`)
	region = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)
)

// verify checks the scope and the key of the signature, not its value.
func (w *World) verify(c *call, service string) *fault {
	h := c.Header.Get("Authorization")
	if h == "" {
		return forbidden("MissingAuthenticationTokenException", "Missing Authentication Token")
	}
	m := signature.FindStringSubmatch(h)
	if m == nil || c.Header.Get("X-Amz-Date") == "" {
		return forbidden("IncompleteSignatureException", "Authorization header is not a signature, or X-Amz-Date is missing")
	}
	if code, message := w.identify(c, m[1]); code != "" {
		return forbidden(code, "%s", message)
	}
	if !region.MatchString(m[3]) {
		return forbidden("InvalidSignatureException", "Credential should be scoped to a valid region, not %q.", m[3])
	}
	if m[4] != service {
		return forbidden("InvalidSignatureException", "Credential should be scoped to correct service: '%s'.", service)
	}
	c.region = m[3]
	return nil
}

// identify finds whose key a call is signed with.
func (w *World) identify(c *call, key string) (code, message string) {
	if key == accessKeyID {
		c.account, c.arn = w.caller, w.callerARN()
		return "", ""
	}
	w.mu.Lock()
	s, ok := w.sessions[key]
	w.mu.Unlock()
	switch {
	case !ok || s.token != c.Header.Get("X-Amz-Security-Token"):
		return "UnrecognizedClientException", "The security token included in the request is invalid."
	case !time.Now().Before(s.ends):
		return "ExpiredTokenException", "The security token included in the request is expired"
	}
	c.account, c.arn, c.bound = s.account, s.arn, true
	return "", ""
}

func (c *call) read(most int64) *fault {
	b, err := io.ReadAll(io.LimitReader(c.Body, most))
	if err != nil {
		return badRequest("SerializationException", "reading the body: %v", err)
	}
	c.body = b
	return nil
}

// Deny makes an action, such as ecr:DescribeRepositories, fail for want of
// permission. The actions behind a push or a pull are denied at the registry.
func (w *World) Deny(action string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.denied[action] = true
}

// denial is the message for action if it is denied, else "".
func (w *World) denial(action, resource string) string {
	return w.denialOf(w.callerARN(), action, resource, nil)
}

// denialOf also says whose action it is, and what conditions of the policy may
// ask for.
func (w *World) denialOf(arn, action, resource string, keys map[string]string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.denied[action] && (w.policy == nil || w.policy.allows(action, resource, keys)) {
		return ""
	}
	return fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action",
		arn, action, resource, action)
}

func (w *World) callerARN() string {
	return "arn:aws:sts::" + w.caller + ":assumed-role/glue-connector/test"
}

// claimsTarget is for the JSON protocols: the call is in X-Amz-Target.
func claimsTarget(prefix string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return strings.HasPrefix(r.Header.Get("X-Amz-Target"), prefix)
	}
}

const json11 = "application/x-amz-json-1.1"

func answerJSON(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", json11)
	rw.WriteHeader(status)
	json.NewEncoder(rw).Encode(v)
}

func refuseJSON(rw http.ResponseWriter, f *fault) {
	answerJSON(rw, f.status, map[string]string{"__type": f.code, "message": f.message})
}

// serveJSON looks action up in ops for the JSON protocols.
func (w *World) serveJSON(rw http.ResponseWriter, c *call, ops map[string]operation) {
	op, ok := ops[c.action]
	if !ok || c.Method != http.MethodPost || c.URL.Path != "/" {
		noFake(rw, c.Request, target(c.Request))
		return
	}
	if ct := c.Header.Get("Content-Type"); ct != json11 {
		refuseJSON(rw, badRequest("SerializationException", "content type %q, want %s", ct, json11))
		return
	}
	out, f := op(w, c)
	if f != nil {
		refuseJSON(rw, f)
		return
	}
	answerJSON(rw, http.StatusOK, out)
}

// operation answers a call with what becomes the JSON of the answer.
type operation func(*World, *call) (any, *fault)
