package fake

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

var (
	registryHost = regexp.MustCompile(`^(\d{12})\.dkr\.ecr\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$`)
	bucketHost   = regexp.MustCompile(`^prod-([a-z0-9-]+)-starport-layer-bucket\.s3\.([a-z0-9-]+)\.amazonaws\.com$`)
	// The pattern of CreateRepository's repositoryName.
	repositoryName = regexp.MustCompile(`^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$`)
)

// Host is the registry host of an account in a region.
func Host(account, region string) string {
	return account + ".dkr.ecr." + region + ".amazonaws.com"
}

// repository is what the control plane knows of one; its contents are in the store.
type repository struct {
	account, region, name string
	immutable, scanOnPush bool
	created               time.Time
}

func newRepository(account, region, name string) *repository {
	return &repository{account: account, region: region, name: name, created: time.Now()}
}

// CreateRepository makes a repository, also in the registry of AWS Marketplace.
// For one that exists it sets whether tags are immutable.
func (w *World) CreateRepository(account, region, name string, immutableTags bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := Host(account, region) + "/" + name
	if w.repositories[key] == nil {
		w.repositories[key] = newRepository(account, region, name)
	}
	w.repositories[key].immutable = immutableTags
}

// lookup returns a copy, as the original changes under the lock.
func (w *World) lookup(host, name string) *repository {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.repositories[host+"/"+name]
	if r == nil {
		return nil
	}
	c := *r
	return &c
}

// token is a password of the user AWS. It is good for all registries of a region.
type token struct {
	region  string
	owner   *call // who has asked for it
	expired bool
}

// works tells whether a caller may have rights in an account's registry.
func (c *call) works(account string) bool {
	return !c.bound || account == c.account || account == marketplaceAccount
}

func (w *World) issueToken(c *call) string {
	t := "fake-token-" + rand.Text()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens[t] = token{region: c.region, owner: c}
	return t
}

// ExpireTokens makes every token issued so far expire now.
func (w *World) ExpireTokens() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for k, t := range w.tokens {
		t.expired = true
		w.tokens[k] = t
	}
}

const (
	kindManifests = "manifests"
	kindBlobs     = "blobs"
	kindUploads   = "blobs/uploads"
	kindTags      = "tags"
	kindReferrers = "referrers"
)

// place is what a path of the registry names. A repository may itself contain
// a word such as "manifests", so the last one counts.
type place struct{ host, repository, kind, reference string }

var registryPath = regexp.MustCompile(`^/v2/(.+)/(manifests|blobs/uploads|blobs|tags|referrers)/([^/]*)$`)

// serveRegistry is ECR's manners; what passes them goes to the store.
func (w *World) serveRegistry(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	m := registryHost.FindStringSubmatch(r.Host)
	if m == nil {
		http.Error(rw, fmt.Sprintf("no fake for host %q", r.Host), http.StatusMisdirectedRequest)
		return
	}
	account, region := m[1], m[2]
	if !w.authorize(rw, r, account, region) {
		return
	}
	if r.URL.Path == "/v2/" {
		rw.WriteHeader(http.StatusOK)
		return
	}
	m = registryPath.FindStringSubmatch(r.URL.Path)
	if m == nil {
		refuse(rw, http.StatusNotFound, "UNSUPPORTED", "no fake for "+r.Method+" "+r.URL.Path)
		return
	}
	p := place{host: r.Host, repository: m[1], kind: m[2], reference: m[3]}
	action := actionOf(r, p)
	if msg := w.denial(action, repositoryARN(region, account, p.repository)); msg != "" {
		refuse(rw, http.StatusForbidden, "DENIED", msg)
		return
	}
	if action == "ecr:CompleteLayerUpload" && r.ContentLength != 0 { // with all of the content
		if msg := w.denial("ecr:UploadLayerPart", repositoryARN(region, account, p.repository)); msg != "" {
			refuse(rw, http.StatusForbidden, "DENIED", msg)
			return
		}
	}
	repo := w.lookup(p.host, p.repository)
	switch {
	case repo == nil && p.kind == kindUploads:
		// ECR ends the connection here, and docker says EOF:
		// https://github.com/aws/containers-roadmap/issues/1970
		panic(http.ErrAbortHandler)
	case repo == nil:
		refuse(rw, http.StatusNotFound, "NAME_UNKNOWN", fmt.Sprintf(
			"The repository with name '%s' does not exist in the registry with id '%s'", p.repository, account))
	case p.kind == kindManifests && r.Method == http.MethodPut:
		w.putManifest(rw, r, p, repo)
	case p.kind == kindUploads:
		w.serveUpload(rw, r, p)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		refuse(rw, http.StatusMethodNotAllowed, "UNSUPPORTED", "The operation is unsupported")
	case p.kind == kindBlobs && r.Method == http.MethodGet && w.redirects:
		w.redirectBlob(rw, r, p, region)
	default:
		w.store.serve(rw, r, p)
	}
}

// authorize answers a request without a good token, and says if there was one.
// ECR speaks Basic only, with no token server behind it.
func (w *World) authorize(rw http.ResponseWriter, r *http.Request, account, region string) bool {
	user, password, _ := r.BasicAuth()
	w.mu.Lock()
	t, ok := w.tokens[password]
	w.mu.Unlock()
	switch {
	case user != "AWS" || !ok || t.region != region:
		rw.Header().Set("WWW-Authenticate", `Basic realm="https://`+r.Host+`/",service="ecr.amazonaws.com"`)
		http.Error(rw, "Not Authorized", http.StatusUnauthorized)
		return false
	case t.expired:
		refuse(rw, http.StatusForbidden, "DENIED", "Your authorization token has expired. Reauthenticate and try again.")
		return false
	case !t.owner.works(account):
		refuse(rw, http.StatusForbidden, "DENIED", "User: "+t.owner.arn+" is not authorized for registry "+account)
		return false
	}
	return true
}

// redirectBlob sends the client to the bucket, as ECR does. The query stands
// for a presigned URL, which is why no Authorization header may come along.
func (w *World) redirectBlob(rw http.ResponseWriter, r *http.Request, p place, region string) {
	if _, ok := w.store.blob(p.host, p.repository, p.reference); !ok {
		w.store.serve(rw, r, p) // says that there is none
		return
	}
	u := url.URL{
		Scheme:   "https",
		Host:     "prod-" + region + "-starport-layer-bucket.s3." + region + ".amazonaws.com",
		Path:     "/" + p.host + "/" + p.repository + "/" + p.reference,
		RawQuery: "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=fake",
	}
	rw.Header().Set("Location", u.String())
	rw.WriteHeader(http.StatusTemporaryRedirect)
}

var bucketPath = regexp.MustCompile(`^/([^/]+)/(.+)/([^/]+)$`)

// serveBucket is the S3 behind the redirects. S3 refuses two ways of
// authentication in one request, with this text.
func (w *World) serveBucket(rw http.ResponseWriter, r *http.Request) {
	m := bucketPath.FindStringSubmatch(r.URL.Path)
	switch {
	case r.Header.Get("Authorization") != "":
		http.Error(rw, "<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed; only the X-Amz-Algorithm"+
			" query parameter, Signature query string parameter or the Authorization header should be specified</Message></Error>", http.StatusBadRequest)
	case r.Method != http.MethodGet || m == nil || r.URL.Query().Get("X-Amz-Signature") == "":
		http.Error(rw, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", http.StatusForbidden)
	default:
		b, ok := w.store.blob(m[1], m[2], m[3])
		if !ok {
			http.Error(rw, "<Error><Code>NoSuchKey</Code></Error>", http.StatusNotFound)
			return
		}
		serveBlob(rw, r, b)
	}
}

// refuse answers in the error shape of the distribution spec.
func refuse(rw http.ResponseWriter, status int, code, message string) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	json.NewEncoder(rw).Encode(map[string]any{"errors": []any{map[string]string{"code": code, "message": message}}})
}

func isDigest(reference string) bool { return strings.HasPrefix(reference, "sha256:") }
