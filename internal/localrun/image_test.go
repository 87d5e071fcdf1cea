package localrun

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/trial"
)

// fakeEngine answers as a Docker engine does, and runs scripts as all does.
type fakeEngine struct {
	t      *testing.T
	images []string
	broken string // the path that is answered with 500
	hangs  bool   // containers that run until they are removed

	lock    sync.Mutex
	made    []container
	files   map[string]string
	running map[string]chan struct{}
	pulled  []string
}

func (f *fakeEngine) start() (dockerHost string) {
	dir, err := os.MkdirTemp("", "engine") // t.TempDir is too long for a socket
	if err != nil {
		f.t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		f.t.Fatal(err)
	}
	f.running = map[string]chan struct{}{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+apiVersion+"/images/{name...}", func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(f.images, strings.TrimSuffix(r.PathValue("name"), "/json")) {
			w.WriteHeader(404)
			fmt.Fprint(w, `{"message": "No such image"}`)
		}
	})
	mux.HandleFunc("POST "+apiVersion+"/images/create", func(w http.ResponseWriter, r *http.Request) {
		f.pulled = append(f.pulled, r.FormValue("fromImage"))
		fmt.Fprintln(w, `{"status": "Pulling"}`)
		if strings.Contains(r.FormValue("fromImage"), "missing") {
			fmt.Fprintln(w, `{"error": "manifest unknown"}`)
		}
	})
	mux.HandleFunc("POST "+apiVersion+"/containers/create", f.create)
	mux.HandleFunc("PUT "+apiVersion+"/containers/{id}/archive", f.unpack)
	mux.HandleFunc("POST "+apiVersion+"/containers/{id}/start", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) })
	mux.HandleFunc("GET "+apiVersion+"/containers/{id}/logs", f.logs)
	mux.HandleFunc("POST "+apiVersion+"/containers/{id}/wait", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"StatusCode": 0}`) })
	mux.HandleFunc("DELETE "+apiVersion+"/containers/{id}", func(w http.ResponseWriter, r *http.Request) {
		f.lock.Lock()
		defer f.lock.Unlock()
		close(f.running[r.PathValue("id")])
		delete(f.running, r.PathValue("id"))
		w.WriteHeader(204)
	})
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.broken != "" && strings.HasSuffix(r.URL.Path, f.broken) {
			w.WriteHeader(500)
			fmt.Fprint(w, `{"message": "no space left"}`)
			return
		}
		mux.ServeHTTP(w, r)
	})}
	go s.Serve(l)
	f.t.Cleanup(func() { s.Close(); os.RemoveAll(dir) })
	return "unix://" + filepath.Join(dir, "s")
}

func (f *fakeEngine) create(w http.ResponseWriter, r *http.Request) {
	f.lock.Lock()
	defer f.lock.Unlock()
	var c container
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		f.t.Error(err)
	}
	f.made = append(f.made, c)
	id := fmt.Sprint(len(f.made))
	f.running[id] = make(chan struct{})
	w.WriteHeader(201)
	fmt.Fprintf(w, `{"Id": %q}`, id)
}

func (f *fakeEngine) unpack(w http.ResponseWriter, r *http.Request) {
	f.files = map[string]string{}
	for t := tar.NewReader(r.Body); ; {
		h, err := t.Next()
		if err == io.EOF {
			return
		}
		b, err2 := io.ReadAll(t)
		if err = errors.Join(err, err2); err != nil {
			f.t.Error(err)
			return
		}
		f.files[r.FormValue("path")+"/"+h.Name] = string(b)
	}
}

// logs prints results as scripts do; none is brought back as a file.
func (f *fakeEngine) logs(w http.ResponseWriter, r *http.Request) {
	var list struct {
		Mark string
		Jobs []job
	}
	if err := json.Unmarshal([]byte(f.files[inside+"/jobs.json"]), &list); err != nil {
		f.t.Error(err)
	}
	for _, j := range list.Jobs {
		if f.files[j.Script] == "" {
			f.t.Errorf("no %s", j.Script)
		}
		fmt.Fprintf(w, "\r\n%s begin %s\r\n", list.Mark, j.Name)
		w.(http.Flusher).Flush()
		if f.hangs {
			f.lock.Lock()
			stop := f.running[r.PathValue("id")]
			f.lock.Unlock()
			<-stop
			return
		}
		fmt.Fprintf(w, "\r\n%s%s {\"nonce\": %q, \"test\": %q, \"count\": 1}\r\n%s end %s SUCCEEDED\r\n", trial.Marker, arg(j, "nonce"), arg(j, "nonce"), j.Name, list.Mark, j.Name)
	}
}

const image5 = "public.ecr.aws/glue/aws-glue-libs:5"

func (f *fakeEngine) find(t *testing.T, version, named string, pull bool) (*Image, error) {
	t.Helper()
	f.t = t
	host := f.start()
	return FindImage(t.Context(), func(name string) string { return map[string]string{"DOCKER_HOST": host}[name] }, version, named, pull)
}

func TestFindImage(t *testing.T) {
	for name, tt := range map[string]struct {
		engine         *fakeEngine
		version, named string
		pull           bool
		want           string // its name, or the error
		pulled         []string
	}{
		"here":              {&fakeEngine{images: []string{image5}}, "5.0", "", false, "Glue 5.0's local image", nil},
		"not here":          {&fakeEngine{}, "5.0", "", false, "none", nil},
		"pulled":            {&fakeEngine{}, "5.0", "", true, "Glue 5.0's local image", []string{image5}},
		"no such version":   {&fakeEngine{}, "6.0", "", false, "none", nil},
		"none to pull":      {&fakeEngine{}, "6.0", "", true, "AWS has no image of Glue 6.0", nil},
		"another":           {&fakeEngine{images: []string{"mirror/glue:6"}}, "6.0", "mirror/glue:6", true, "image mirror/glue:6, in place of Glue 6.0's", nil},
		"another, missing":  {&fakeEngine{}, "6.0", "missing", true, "finding missing: manifest unknown", []string{"missing"}},
		"an engine's fault": {&fakeEngine{broken: "/json"}, "5.0", "", true, `finding ` + image5 + `: Docker answers 500: "no space left"`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			i, err := tt.engine.find(t, tt.version, tt.named, tt.pull)
			got := "none"
			switch {
			case err != nil:
				got = err.Error()
			case i != nil:
				got = i.Name()
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if diff := cmp.Diff(tt.pulled, tt.engine.pulled); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, host := range []string{"unix:///no/such/socket", "tcp://127.0.0.1:1"} {
		_, err := FindImage(t.Context(), func(string) string { return host }, "5.0", "", true)
		if failed, ok := errors.AsType[*Error](err); !ok || failed.Hint() == "" {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func imageWork() *Work {
	w := fakeWork("A", "B")
	w.Plan.Secret = trial.Secret{ID: "s", Env: []trial.Option{{Name: "password", Value: "DB_PASSWORD"}}}
	w.Getenv = func(name string) string { return "value of " + name }
	w.Jars = []Jar{{Name: "a.jar", Size: 3, Content: strings.NewReader("jar")}}
	return w
}

func TestImageRun(t *testing.T) {
	f := &fakeEngine{images: []string{image5}}
	i, err := f.find(t, "5.0", "", false)
	if err != nil {
		t.Fatal(err)
	}
	w := imageWork()
	attempts, err := i.Run(t.Context(), *w)
	if err != nil {
		t.Fatal(err)
	}
	for n, a := range attempts {
		if o := trial.Judge(w.Trials[n], a); o.Verdict != trial.Passed {
			t.Errorf("%+v", o)
		}
	}
	if len(f.made) != 1 || len(f.running) > 0 {
		t.Fatalf("%d containers, %d left", len(f.made), len(f.running))
	}
	c := f.made[0]
	if !slices.Contains(c.Env, "DB_PASSWORD=value of DB_PASSWORD") || strings.Contains(strings.Join(c.Cmd, " "), "value of") || c.Cmd[0] != "spark-submit" {
		t.Errorf("%+v", c)
	}
	if f.files[inside+"/jars/a.jar"] != "jar" || !slices.Contains(c.Cmd, inside+"/jars/a.jar") {
		t.Errorf("%q", c.Cmd)
	}
}

// Whatever goes wrong, no container is left.
func TestImageRunLeavesNothing(t *testing.T) {
	for _, broken := range []string{"/containers/create", "/archive", "/start", "/logs"} {
		f := &fakeEngine{images: []string{image5}, broken: broken}
		i, err := f.find(t, "5.0", "", false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := i.Run(t.Context(), *imageWork()); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%s: %v", broken, err)
		}
		if len(f.running) > 0 {
			t.Errorf("%s: %d containers left", broken, len(f.running))
		}
	}
	f := &fakeEngine{images: []string{image5}, hangs: true}
	i, err := f.find(t, "5.0", "", false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w := imageWork()
	w.Began = func(string) { cancel() }
	if _, err := i.Run(ctx, *w); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if len(f.running) > 0 {
		t.Errorf("cancelled: %d containers left", len(f.running))
	}
}
