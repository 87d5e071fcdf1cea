package fake

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// The example keys of the AWS documentation: no scanner takes them for real.
const (
	accessKeyID     = "AKIAIOSFODNN7EXAMPLE"
	secretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// World is one set of fakes that share repositories, tokens and a log of
// requests. Worlds are independent of each other.
type World struct {
	caller    string // account of the credentials in Env
	redirects bool
	store     store

	ca       *authority
	server   *http.Server
	aws      net.Listener
	github   net.Listener
	proxy    net.Listener
	tunnels  *tunnels
	requests recorder

	pushing sync.Mutex // one manifest at a time
	gitHub  *gitHub
	glue    *glueJobs
	objects objects
	logs    logs
	secrets secrets

	mu           sync.Mutex             // guards what follows
	repositories map[string]*repository // by host + "/" + name
	tokens       map[string]token
	denied       map[string]bool
	policy       *policy // of the caller; nil allows everything
	catalog      *catalog
	idTokens     idTokens
	idProviders  map[string][]string // audiences by ARN
	roles        map[string]Role     // by ARN
	sessions     map[string]session  // by access key
	intercepts   []func(*http.Request) http.Handler
}

// Option changes a World before it starts.
type Option func(*World) error

// WithCallerAccount sets the account that the credentials belong to; it is
// 123456789012 otherwise.
func WithCallerAccount(account string) Option {
	return func(w *World) error {
		w.caller = account
		return nil
	}
}

// WithBlobRedirects makes the registry answer a GET of a blob with a 307 to a
// host like that of ECR's S3 bucket, as ECR does for layers.
func WithBlobRedirects() Option {
	return func(w *World) error {
		w.redirects = true
		return nil
	}
}

// WithUpstream keeps manifests and blobs in a real registry, such as
// http://127.0.0.1:5000, with ECR's manners put in front. All hosts share it.
// Storage is the folder of its files, "" if they cannot be read.
func WithUpstream(base, storage string) Option {
	return func(w *World) error {
		u, err := url.Parse(base)
		if err != nil || u.Host == "" {
			return fmt.Errorf("reading upstream %q: want http://host:port", base)
		}
		w.store = newUpstream(u, storage)
		return nil
	}
}

// New starts a World. It takes no testing.TB, so that testscript's Setup can
// call it; the caller closes it.
func New(opts ...Option) (*World, error) {
	w := &World{
		caller:       "123456789012",
		store:        newMemory(),
		gitHub:       newGitHub(),
		glue:         newGlueJobs(),
		objects:      objects{buckets: map[string]*bucket{}},
		logs:         logs{streams: map[string]*logStream{}},
		secrets:      secrets{all: map[string]string{}},
		tunnels:      newTunnels(),
		repositories: map[string]*repository{},
		tokens:       map[string]token{},
		denied:       map[string]bool{},
		catalog:      &catalog{products: map[string]*Product{}},
		idTokens:     idTokens{ended: map[string]bool{}},
		idProviders:  map[string][]string{},
		roles:        map[string]Role{},
		sessions:     map[string]session{},
	}
	for _, o := range opts {
		if err := o(w); err != nil {
			return nil, err
		}
	}
	ca, err := newAuthority()
	if err != nil {
		return nil, err
	}
	w.ca = ca
	for _, l := range []*net.Listener{&w.aws, &w.github, &w.proxy} {
		if *l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			w.closeListeners()
			w.ca.remove()
			return nil, fmt.Errorf("listening for a world: %w", err)
		}
	}
	// Faults on purpose would fill the test's output with handshake errors.
	quiet := log.New(io.Discard, "", 0)
	w.server = &http.Server{Handler: w.observed(w), ErrorLog: quiet}
	go w.server.Serve(w.aws)
	go w.server.Serve(w.github)
	go w.server.Serve(w.proxy)
	go w.server.Serve(w.ca.listener(w.tunnels))
	return w, nil
}

// Close ends all listeners and connections and removes the CA's file.
func (w *World) Close() {
	w.tunnels.Close()
	w.server.Close()
	w.ca.remove()
}

func (w *World) closeListeners() {
	for _, l := range []net.Listener{w.aws, w.github, w.proxy} {
		if l != nil {
			l.Close()
		}
	}
}

// ListenTLS also serves the registry on addr, such as 127.0.0.1:443 for a suite
// that names ECR's host in /etc/hosts. Close ends it too.
func (w *World) ListenTLS(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listening for TLS: %w", err)
	}
	go w.server.Serve(w.ca.listener(l))
	return l, nil
}

// ServeHTTP serves r as the world does without the faults of [World.Intercept].
// An intercepting handler calls it to apply a request and then spoil the answer.
func (w *World) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect || r.URL.IsAbs():
		w.serveProxy(rw, r)
	case r.Host == w.github.Addr().String() && r.URL.Path == idTokenPath:
		w.serveIDToken(rw, r)
	case r.Host == w.github.Addr().String(), r.Host == enterpriseHost && r.TLS != nil:
		w.serveGitHub(rw, r)
	case r.TLS == nil:
		w.serveAWS(rw, r)
	case bucketHost.MatchString(r.Host):
		w.serveBucket(rw, r)
	default:
		w.serveRegistry(rw, r)
	}
}

// Intercept adds f, which is asked about every request, also the proxy's
// CONNECTs, before the world serves it. A handler that f returns serves the
// request instead; of several, the first added that returns one wins. It may
// panic with [http.ErrAbortHandler] to drop the connection.
func (w *World) Intercept(f func(r *http.Request) http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.intercepts = append(w.intercepts, f)
}

func (w *World) intercept(r *http.Request) http.Handler {
	w.mu.Lock()
	fs := w.intercepts[:len(w.intercepts):len(w.intercepts)]
	w.mu.Unlock()
	for _, f := range fs {
		if h := f(r); h != nil {
			return h
		}
	}
	return nil
}

// CAFile names the PEM file of the throwaway authority that signs every
// certificate of this world.
func (w *World) CAFile() string { return w.ca.file }

// WriteCertificate writes the certificate of a host of this world and its key,
// for another server that is to answer in its name.
func (w *World) WriteCertificate(host, file string) error { return w.ca.write(host, file) }

// AWSURL is the endpoint of the AWS API.
func (w *World) AWSURL() string { return "http://" + w.aws.Addr().String() }

// GitHubURL is the base of GitHub's REST API, without a slash at its end. With
// /api/v3 behind it, it is that of GitHub Enterprise.
func (w *World) GitHubURL() string { return "http://" + w.github.Addr().String() }

// EnterpriseURL is the base of GitHub Enterprise's REST API, which is behind the
// proxy: https, with a certificate of this world's authority.
func (w *World) EnterpriseURL() string { return "https://" + enterpriseHost + "/api/v3" }

// ProxyURL is the endpoint of the CONNECT proxy.
func (w *World) ProxyURL() string { return "http://" + w.proxy.Addr().String() }

// Env is what a process needs to meet this world and nothing else, as
// KEY=value. It sets no region.
func (w *World) Env() []string {
	env := []string{
		"AWS_ENDPOINT_URL=" + w.AWSURL(),
		"AWS_ACCESS_KEY_ID=" + accessKeyID,
		"AWS_SECRET_ACCESS_KEY=" + secretAccessKey,
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=/dev/null",
		"AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"GITHUB_API_URL=" + w.GitHubURL(),
		"HTTPS_PROXY=" + w.ProxyURL(),
		"SSL_CERT_FILE=" + w.ca.file,
		"SSL_CERT_DIR=" + w.ca.dir, // else Go trusts, and reads, the machine's as well
	}
	// Left over from the machine that runs the test, these would lead past the
	// fakes or away from the credentials above.
	for _, k := range strings.Fields("NO_PROXY no_proxy HTTP_PROXY http_proxy " +
		"AWS_SESSION_TOKEN AWS_PROFILE AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_ENDPOINT_URL_ECR AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL_MARKETPLACE_CATALOG " +
		"AWS_ENDPOINT_URL_GLUE AWS_ENDPOINT_URL_S3 AWS_ENDPOINT_URL_CLOUDWATCH_LOGS AWS_ENDPOINT_URL_SECRETS_MANAGER " +
		"ACTIONS_ID_TOKEN_REQUEST_URL ACTIONS_ID_TOKEN_REQUEST_TOKEN") {
		env = append(env, k+"=")
	}
	return env
}

// HTTPClient reaches the same hosts as a process with [World.Env] does, for
// tests in this process.
func (w *World) HTTPClient() *http.Client {
	proxy := &url.URL{Scheme: "http", Host: w.proxy.Addr().String()}
	return &http.Client{Transport: &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) {
			if r.URL.Scheme == "https" {
				return proxy, nil
			}
			return nil, nil
		},
		TLSClientConfig: w.ca.clientConfig(),
	}}
}
