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
	"os"
	"strings"

	"glue-connector/internal/fake"
)

func main() {
	upstream := flag.String("upstream", "", "the real registry, http://host:port")
	repository := flag.String("repository", "", "a repository to create, account/region/name")
	flag.Parse()
	if err := serve(*upstream, *repository); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func serve(upstream, repository string) error {
	w, err := fake.New(fake.WithUpstream(upstream))
	if err != nil {
		return err
	}
	defer w.Close()
	parts := strings.SplitN(repository, "/", 3)
	if len(parts) != 3 {
		return fmt.Errorf("reading repository %q: want account/region/name", repository)
	}
	w.CreateRepository(parts[0], parts[1], parts[2], false)
	fmt.Println(strings.Join(w.Env(), "\n") + "\n")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}
