//go:build unix

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// A run that is killed around any of its requests leaves nothing that the same
// run could not finish. Requests that are made at a time come in any order.
func TestKilled(t *testing.T) {
	var requests atomic.Int64
	if p := startPush(t, func(r *http.Request) bool { return r.Method != http.MethodConnect && requests.Add(1) < 0 }, nil); p.Wait() != nil {
		t.Fatal(p.out.String())
	}
	if n := requests.Load(); n < 20 {
		t.Fatalf("%d requests only: these are fewer than 40 points", n)
	}
	for n := int64(1); n <= requests.Load(); n++ {
		for _, when := range []string{"before", "after"} {
			t.Run(fmt.Sprintf("%s request %d", when, n), func(t *testing.T) {
				t.Parallel()
				var p *program
				var killed atomic.Bool
				started := make(chan struct{})
				var seen atomic.Int64
				p = startPush(t, func(r *http.Request) bool { return r.Method != http.MethodConnect && seen.Add(1) == n }, func(rw http.ResponseWriter, r *http.Request) {
					<-started
					if when == "after" {
						p.world.ServeHTTP(httptest.NewRecorder(), r)
					}
					p.Process.Kill()
					killed.Store(true)
					panic(http.ErrAbortHandler)
				})
				close(started)
				p.Wait()
				if !killed.Load() {
					t.Skip("this run made fewer requests")
				}

				again := exec.Command("glue-connector", p.Args[1:]...)
				again.Dir, again.Env = p.Dir, p.Env
				os.Remove(filepath.Join(p.dir, "out"))
				text, err := again.CombinedOutput()
				if err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				var manifests []string
				for _, host := range []string{ownHost, westHost} {
					raw, _, _ := p.world.Manifest(host, demoName, "1.0.0")
					if tags := p.world.Tags(host, demoName); !slices.Equal(tags, []string{"1.0.0"}) {
						t.Errorf("%s has the tags %q", host, tags)
					}
					manifests = append(manifests, string(raw))
				}
				if manifests[0] != manifests[1] || !strings.Contains(manifests[0], `"layers"`) {
					t.Errorf("the places hold %q", manifests)
				}
				b, _ := os.ReadFile(filepath.Join(p.dir, "out"))
				if all, err := parseOutputs(string(b)); err != nil || slices.Contains(all, [2]string{"result", "failed"}) {
					t.Errorf("outputs %q, %v", all, err)
				}
			})
		}
	}
}
