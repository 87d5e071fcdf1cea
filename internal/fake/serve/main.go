// Command serve runs a world of package fake for suites that are no Go tests:
// AWS, and a registry with ECR's manners in front of a real one.
//
// It prints the environment that a program needs to meet this world, KEY=value
// a line, then an empty line, and serves until its standard input ends.
package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"glue-connector/internal/fake"
)

func main() {
	upstream := flag.String("upstream", "", "the real registry, http://host:port")
	storage := flag.String("storage", "", "the folder of its files, if they can be read")
	repository := flag.String("repository", "", "a repository to create, account/region/name")
	certificate := flag.String("certificate", "", "a file to write the certificate of the repository's host and its key to")
	faults := flag.Float64("faults", 0, "the share of requests that meet a fault, up to 1")
	flag.Parse()
	if err := serve(*upstream, *storage, *repository, *certificate, *faults); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func serve(upstream, storage, repository, certificate string, faults float64) error {
	w, err := fake.New(fake.WithUpstream(upstream, storage))
	if err != nil {
		return err
	}
	defer w.Close()
	parts := strings.SplitN(repository, "/", 3)
	if len(parts) != 3 {
		return fmt.Errorf("reading repository %q: want account/region/name", repository)
	}
	if certificate != "" {
		if err := w.WriteCertificate(fake.Host(parts[0], parts[1]), certificate); err != nil {
			return err
		}
	}
	w.CreateRepository(parts[0], parts[1], parts[2], false)
	w.Intercept(func(r *http.Request) http.Handler {
		if r.Method == http.MethodConnect || rand.Float64() >= faults {
			return nil
		}
		return fault(w)
	})
	fmt.Println(strings.Join(w.Env(), "\n") + "\n")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// fault is one of those that pass: a busy server, a connection that is dropped
// before anything was done, after it was, and in the middle of the answer.
func fault(w http.Handler) http.Handler {
	statuses := []int{http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusTooManyRequests}
	kind := rand.IntN(len(statuses) + 3)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if kind < len(statuses) {
			rw.WriteHeader(statuses[kind])
			return
		}
		if kind > len(statuses) {
			answer := httptest.NewRecorder()
			w.ServeHTTP(answer, r)
			if body := answer.Body.Bytes(); kind > len(statuses)+1 && len(body) > 1 {
				rw.Header().Set("Content-Length", fmt.Sprint(len(body)))
				rw.WriteHeader(answer.Code)
				rw.Write(body[:len(body)/2])
			}
		}
		panic(http.ErrAbortHandler)
	})
}
