//go:build unix

package main

import (
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
// run could not finish.
func TestKilled(t *testing.T) {
	for _, at := range pushRequests {
		for _, when := range []string{"before", "after"} {
			t.Run(when+" "+at.name, func(t *testing.T) {
				t.Parallel()
				var p *program
				var killed atomic.Bool
				started := make(chan struct{})
				p = startPush(t, func(r *http.Request) bool { return !killed.Load() && at.match(r) }, func(rw http.ResponseWriter, r *http.Request) {
					<-started
					if when == "after" {
						p.world.ServeHTTP(httptest.NewRecorder(), r)
					}
					p.Process.Kill()
					panic(http.ErrAbortHandler)
				})
				close(started)
				p.Wait()
				p.awaitReached(t)
				killed.Store(true)

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
