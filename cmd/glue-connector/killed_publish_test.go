//go:build unix

package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"glue-connector/internal/fake"
)

const (
	marketHost    = "709825985650.dkr.ecr.us-east-1.amazonaws.com"
	marketProduct = "prod-abcdefghijklm"
)

// publication is the real program, publishing the demo connector in a world of its
// own.
type publication struct {
	world *fake.World
	dir   string
}

func newPublication(t *testing.T) *publication {
	t.Helper()
	w, err := fake.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	w.CreateProduct(fake.Product{ID: marketProduct, Title: "Demo", Visibility: "Limited", Repositories: []string{marketHost + "/" + demoName}})
	p := &publication{world: w, dir: t.TempDir()}
	copyDemo(t, p.dir)
	return p
}

func (p *publication) command(out *bytes.Buffer, args ...string) *exec.Cmd {
	c := exec.Command("glue-connector", append([]string{"publish", "--config-path", "config.json", "--jars", "demo.jar",
		"--repository", demoName, "--product-id", marketProduct, "--release-notes", "The first one.", "--additional-tags", "newest",
		"--jdbc-url-formats", "password=jdbc:demo://${host}?user=${Username}&password=${Password}", "--jdbc-url-delimiter", "&"}, args...)...)
	c.Dir, c.Env, c.Stdout, c.Stderr = p.dir, append(os.Environ(), p.world.Env()...), out, out
	return c
}

// check wants exactly one version, with the image that is in the registry and the
// link to it.
func (p *publication) check(t *testing.T) (digest string) {
	t.Helper()
	product, _ := p.world.Product(marketProduct)
	if len(product.Versions) != 1 || len(product.Versions[0].Options) != 1 {
		t.Fatalf("versions: %+v", product.Versions)
	}
	v := product.Versions[0]
	o := v.Options[0]
	_, _, ok := p.world.Manifest(marketHost, demoName, o.Digests[0])
	raw, _, tagged := p.world.Manifest(marketHost, demoName, "1.0.0")
	byDigest, _, _ := p.world.Manifest(marketHost, demoName, o.Digests[0])
	if !ok || !tagged || !bytes.Equal(raw, byDigest) || v.Title != "1.0.0" {
		t.Errorf("version %s has image %s", v.Title, o.Digests)
	}
	link := "connectorUrl=%22https%3A%2F%2F" + marketHost + "%2Fmy-company%2Fdemo%3A1.0.0%22"
	if strings.Count(o.Instructions, link) != 1 || !strings.HasSuffix(o.Instructions, ")") {
		t.Errorf("usage instructions %q", o.Instructions)
	}
	succeeded := 0
	for _, s := range p.world.ChangeSets() {
		switch s.Status {
		case "SUCCEEDED":
			succeeded++
		case "FAILED":
			t.Errorf("a change set failed: %+v", s)
		}
	}
	if succeeded != 1 {
		t.Errorf("%d change sets succeeded", succeeded)
	}
	return o.Digests[0]
}

// killPoints are the requests of a publication that nothing disturbs, by which the
// world can be told apart: all but the tunnels to it.
func killPoints(t *testing.T) (requests []fake.Request, digest string) {
	t.Helper()
	p := newPublication(t)
	p.world.SlowChangeSets(1, 0)
	var out bytes.Buffer
	if err := p.command(&out).Run(); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, r := range p.world.Requests() {
		if r.Method != http.MethodConnect {
			requests = append(requests, r)
		}
	}
	return requests, p.check(t)
}

// A publication that is killed before or after any of its requests is made whole by
// the same run again: exactly one version, with the right image and link.
func TestKilledPublication(t *testing.T) {
	points, digest := killPoints(t)
	if len(points) < 20 {
		t.Fatalf("%d requests: too few for 40 points", len(points))
	}
	started := slices.IndexFunc(points, func(r fake.Request) bool { return r.Path == "/StartChangeSet" })
	var kills atomic.Int64
	t.Cleanup(func() {
		if n := kills.Load(); n < 40 && !t.Failed() {
			t.Errorf("only %d runs were killed", n)
		}
	})
	for i, at := range points {
		for _, when := range []string{"before", "after"} {
			t.Run(fmt.Sprintf("%s %d %s %s", when, i+1, at.Method, at.Path), func(t *testing.T) {
				t.Parallel()
				p := newPublication(t)
				if i >= started { // to be killed in each state
					p.world.SlowChangeSets(1, 0)
				}
				var out bytes.Buffer
				c := p.command(&out)
				var seen, killed atomic.Int64
				ready := make(chan struct{})
				p.world.Intercept(func(r *http.Request) http.Handler {
					if r.Method == http.MethodConnect || killed.Load() > 0 || seen.Add(1) != int64(i+1) {
						return nil
					}
					return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
						<-ready
						killed.Store(1)
						if when == "after" {
							p.world.ServeHTTP(httptest.NewRecorder(), r)
						}
						c.Process.Kill()
						panic(http.ErrAbortHandler)
					})
				})
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				close(ready)
				err := c.Wait()
				if killed.Load() == 0 && err == nil {
					p.check(t) // it came to an end with fewer requests
					return
				}
				if err == nil || killed.Load() == 0 {
					t.Fatalf("it was not killed: %v\n%s", err, &out)
				}
				kills.Add(1)
				out.Reset()
				if err := p.command(&out).Run(); err != nil {
					t.Fatalf("again: %v\n%s", err, &out)
				}
				if got := p.check(t); got != digest {
					t.Errorf("digest %s, and undisturbed %s", got, digest)
				}
			})
		}
	}
}
