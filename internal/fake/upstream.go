package fake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"time"
)

// manifestTypes is what a manifest is asked for as. For */* docker-registry
// would convert schema 2 to schema 1, which ECR does not.
var manifestTypes = strings.Join([]string{
	"application/vnd.docker.distribution.manifest.v2+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.oci.image.index.v1+json",
}, ", ")

// upstream is the store in a real registry without authentication. Repositories
// keep their names there, and all hosts share them.
type upstream struct {
	base   *url.URL
	proxy  *httputil.ReverseProxy
	client *http.Client
	// storage is the folder of the registry's files, "" if it cannot be read: see
	// storedSize.
	storage string
}

func newUpstream(base *url.URL, storage string) *upstream {
	// Its own transport: the proxy of the environment may be this very world.
	tr := &http.Transport{MaxIdleConnsPerHost: 16, WriteBufferSize: 256 << 10}
	return &upstream{
		base:    base,
		storage: storage,
		client:  &http.Client{Transport: tr, Timeout: time.Minute},
		proxy: &httputil.ReverseProxy{
			Transport: tr,
			ErrorLog:  log.New(io.Discard, "", 0),
			Rewrite: func(pr *httputil.ProxyRequest) {
				pr.SetURL(base)
				// Distribution builds its Location headers from these.
				pr.SetXForwarded()
				pr.Out.Header.Del("Authorization")
				if strings.Contains(pr.In.URL.Path, "/manifests/") && pr.In.Method != http.MethodPut {
					pr.Out.Header.Set("Accept", manifestTypes)
				}
			},
			ModifyResponse: func(r *http.Response) error {
				// Both sides set it, and ReverseProxy adds instead of replacing.
				r.Header.Del("Docker-Distribution-Api-Version")
				return nil
			},
		},
	}
}

func (u *upstream) serve(rw http.ResponseWriter, r *http.Request, _ place) { u.proxy.ServeHTTP(rw, r) }

// do sends one request and reads the answer whole.
func (u *upstream) do(method, target, contentType string, body []byte) (*http.Response, []byte, error) {
	ref, err := u.base.Parse(target)
	if err != nil {
		return nil, nil, err
	}
	req, err := http.NewRequest(method, ref.String(), bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Accept", manifestTypes)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := u.client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp, b, err
}

func (u *upstream) get(path string) (*http.Response, []byte, bool) {
	resp, b, err := u.do(http.MethodGet, path, "", nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, nil, false
	}
	return resp, b, true
}

func (u *upstream) manifest(_, repository, reference string) (manifest, bool) {
	if u.storage != "" {
		return u.storedManifest(repository, reference)
	}
	resp, b, ok := u.get("/v2/" + repository + "/manifests/" + reference)
	if !ok {
		return manifest{}, false
	}
	// The distribution API does not tell when it was pushed.
	return manifest{raw: b, mediaType: resp.Header.Get("Content-Type"), pushed: time.Unix(0, 0)}, true
}

func (u *upstream) blob(_, repository, digest string) ([]byte, bool) {
	_, b, ok := u.get("/v2/" + repository + "/blobs/" + digest)
	return b, ok
}

func (u *upstream) size(_, repository, digest string) (int64, bool) {
	if u.storage != "" {
		return u.storedSize(repository, digest)
	}
	resp, _, err := u.do(http.MethodHead, "/v2/"+repository+"/blobs/"+digest, "", nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		return 0, false
	}
	return resp.ContentLength, true
}

func (u *upstream) tags(_, repository string) []string {
	if u.storage != "" {
		return u.storedTags(repository)
	}
	_, b, ok := u.get("/v2/" + repository + "/tags/list")
	var list struct{ Tags []string }
	if !ok || json.Unmarshal(b, &list) != nil {
		return nil
	}
	slices.Sort(list.Tags)
	return list.Tags
}

func (u *upstream) seedManifest(_, repository, reference string, m manifest) {
	resp, b, err := u.do(http.MethodPut, "/v2/"+repository+"/manifests/"+reference, m.mediaType, m.raw)
	must(resp, b, err, http.StatusCreated)
}

func (u *upstream) seedBlob(_, repository string, b []byte) {
	resp, body, err := u.do(http.MethodPost, "/v2/"+repository+"/blobs/uploads/", "", nil)
	must(resp, body, err, http.StatusAccepted)
	loc, err := resp.Location()
	if err != nil {
		panic(fmt.Sprintf("seeding the upstream: %v", err))
	}
	q := loc.Query()
	q.Set("digest", digestOf(b))
	loc.RawQuery = q.Encode()
	resp, body, err = u.do(http.MethodPut, loc.String(), "application/octet-stream", b)
	must(resp, body, err, http.StatusCreated)
}

// must panics: a test whose seed was refused has nothing left to test.
func must(resp *http.Response, body []byte, err error, status int) {
	if err != nil {
		panic(fmt.Sprintf("seeding the upstream: %v", err))
	}
	if resp.StatusCode != status {
		panic(fmt.Sprintf("seeding the upstream: %s: %s", resp.Status, body))
	}
}
