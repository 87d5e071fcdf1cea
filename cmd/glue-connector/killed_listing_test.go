//go:build unix

package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"glue-connector/internal/connector"
	"glue-connector/internal/fake"
)

// management is a command about a listing, in a world of its own, and what must have
// come of it in the end.
type management struct {
	args  []string
	slow  int // polls that each change set takes
	check func(*testing.T, *fake.World)
}

const productYAML = `title: Demo Connector
short-description: Reads My Database.
long-description: Reads My Database.
logo-url: https://my-company.s3.amazonaws.com/logo.png
highlights: [Fast, Small]
support-description: Write to support@example.com.
categories: [Databases]
search-keywords: [jdbc]
repositories: [my-connector]
`

// managements are those that can be killed and run again. The product that is there
// has two public versions with a wrong link.
var managements = map[string]management{
	"update": {args: []string{"listing", "update", "--product-id", marketProduct, "--relink", "--jdbc-url-formats", "password=jdbc:demo://${host}?user=${Username}&password=${Password}", "--jdbc-url-delimiter", "&"}, slow: 1,
		check: func(t *testing.T, w *fake.World) {
			p, _ := w.Product(marketProduct)
			if o := p.Versions[0].Options[0]; strings.Contains(o.Instructions, "Wrong") || strings.Count(o.Instructions, "connectorName=%22Demo%20JDBC%20Driver%22") != 1 {
				t.Errorf("usage instructions %q", o.Instructions)
			}
		}},
	"create": {args: []string{"product", "create"}, slow: 1,
		check: func(t *testing.T, w *fake.World) {
			ids := w.Products()
			if len(ids) != 2 {
				t.Fatalf("products %q", ids)
			}
			p, _ := w.Product(ids[0])
			if p.ID == marketProduct {
				p, _ = w.Product(ids[1])
			}
			if p.Title != "Demo Connector" || p.Visibility != "Draft" || len(p.Repositories) != 1 || p.Information.ShortDescription == "" {
				t.Errorf("%+v", p)
			}
		}},
	"restrict": {args: []string{"listing", "restrict", "--product-id", marketProduct, "--version-title", "1.0.0", "--confirm", "1.0.0"},
		check: func(t *testing.T, w *fake.World) {
			p, _ := w.Product(marketProduct)
			if a, b := p.Versions[0].Options[0].Visibility, p.Versions[1].Options[0].Visibility; a != "Restricted" || b != "Public" {
				t.Errorf("%s and %s", a, b)
			}
		}},
	"create-repository": {args: []string{"product", "create-repository", "--product-id", marketProduct, "--repositories", "second"},
		check: func(t *testing.T, w *fake.World) {
			if p, _ := w.Product(marketProduct); len(p.Repositories) != 2 {
				t.Errorf("%q", p.Repositories)
			}
		}},
}

// prepare makes the world and the folder in which a command runs.
func (m management) prepare(t *testing.T) (*fake.World, func() (*exec.Cmd, *bytes.Buffer)) {
	t.Helper()
	w, err := fake.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	w.SlowChangeSets(m.slow, 0)
	image := marketHost + "/" + demoName + ":1.0.0"
	wrong := connector.UsageInstructions((&connector.Link{Name: "Wrong", Type: "Jdbc", URL: "https://" + image, Version: "1.0.0", ClassName: "x"}).String())
	var versions []fake.ProductVersion
	for i, title := range []string{"1.0.0", "2.0.0"} {
		versions = append(versions, fake.ProductVersion{ID: fmt.Sprint("v", i), Title: title, Notes: "n", Options: []fake.DeliveryOption{{
			ID: fmt.Sprintf("0000000%d-0000-4000-8000-000000000000", i), Title: "Activate", Description: "d", Instructions: wrong, Visibility: "Public", Images: []string{image}, Services: []string{"ECS"}}}})
	}
	w.CreateProduct(fake.Product{ID: marketProduct, Title: "Demo", Visibility: "Public", Repositories: []string{marketHost + "/" + demoName}, Versions: versions})
	dir := t.TempDir()
	copyDemo(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "product.yaml"), []byte(productYAML), 0o644); err != nil {
		t.Fatal(err)
	}
	return w, func() (*exec.Cmd, *bytes.Buffer) {
		out := &bytes.Buffer{}
		c := exec.Command("glue-connector", m.args...)
		c.Dir, c.Env, c.Stdout, c.Stderr = dir, append(os.Environ(), w.Env()...), out, out
		return c, out
	}
}

// once wants that the change was made, by exactly one change set.
func (m management) once(t *testing.T, w *fake.World) {
	t.Helper()
	m.check(t, w)
	succeeded := 0
	for _, s := range w.ChangeSets() {
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
}

// A command that is killed before or after any of its requests is made whole by the
// same command again: exactly one change set.
func TestKilledManagement(t *testing.T) {
	for name, m := range managements {
		w, command := m.prepare(t)
		c, out := command()
		if err := c.Run(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		m.once(t, w)
		requests := w.Requests()
		if len(requests) < 5 {
			t.Fatalf("%s: %d requests", name, len(requests))
		}
		for i, at := range requests {
			for _, when := range []string{"before", "after"} {
				t.Run(fmt.Sprintf("%s %s %d %s", name, when, i+1, at.Path), func(t *testing.T) {
					t.Parallel()
					m.killed(t, int64(i+1), when == "after")
				})
			}
		}
	}
}

func (m management) killed(t *testing.T, at int64, after bool) {
	w, command := m.prepare(t)
	c, out := command()
	var seen, killed atomic.Int64
	ready := make(chan struct{})
	w.Intercept(func(r *http.Request) http.Handler {
		if killed.Load() > 0 || seen.Add(1) != at {
			return nil
		}
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			<-ready
			killed.Store(1)
			if after {
				w.ServeHTTP(httptest.NewRecorder(), r)
			}
			c.Process.Kill()
			panic(http.ErrAbortHandler)
		})
	})
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	close(ready)
	if err := c.Wait(); killed.Load() == 0 || err == nil {
		t.Fatalf("it was not killed: %v\n%s", err, out)
	}
	c, out = command()
	if err := c.Run(); err != nil {
		t.Fatalf("again: %v\n%s", err, out)
	}
	m.once(t, w)
}
