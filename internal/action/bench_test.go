package action

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"glue-connector/internal/fake"
)

// BenchmarkPush packs and pushes 60 jars of 100 MB in all, into an empty
// repository and into one that has them. The registry is a fake in this very
// process and its memory is counted, too: testdata/bench/compare.sh measures
// against docker, with a real registry. The fake keeps every push, so run it
// with -benchtime=5x or so.
func BenchmarkPush(b *testing.B) {
	w, err := fake.New()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(w.Close)
	for _, kv := range append(w.Env(), "AWS_REGION=us-east-1") {
		k, v, _ := strings.Cut(kv, "=")
		b.Setenv(k, v)
	}
	dir := b.TempDir()
	writeSet(b, dir, 60, 1_666_000)
	push := func(b *testing.B, repository string) {
		env := Env{Dir: dir, Environ: os.Environ(), Stdout: io.Discard, Stderr: io.Discard, Args: []string{
			"push", "--jars", "jars", "--repository", repository,
			"--jdbc-url-formats", "p=jdbc:x:${Username}${Password}", "--jdbc-url-delimiter", ";"}}
		if code := Main(context.Background(), env); code != exitFine {
			b.Fatalf("exit code %d", code)
		}
	}
	n := 0
	b.Run("cold", func(b *testing.B) {
		b.SetBytes(60 * 1_666_000)
		for b.Loop() {
			n++
			w.CreateRepository("123456789012", "us-east-1", fmt.Sprint("bench/", n), true)
			push(b, fmt.Sprint("bench/", n))
		}
	})
	b.Run("same", func(b *testing.B) {
		b.SetBytes(60 * 1_666_000)
		w.CreateRepository("123456789012", "us-east-1", "bench/same", true)
		push(b, "bench/same")
		for b.Loop() {
			push(b, "bench/same")
		}
	})
}

// writeSet writes a connector whose jars are noise behind a valid end.
func writeSet(b *testing.B, dir string, count, size int) {
	b.Helper()
	config, err := os.ReadFile("../../testdata/demo/config.json")
	if err != nil {
		b.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "jars"), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), config, 0o644); err != nil {
		b.Fatal(err)
	}
	noise := rand.NewChaCha8([32]byte{})
	for i := range count {
		jar := make([]byte, size)
		noise.Read(jar)
		jar = append(jar, "PK\x05\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
		if err := os.WriteFile(filepath.Join(dir, "jars", fmt.Sprintf("lib-%d.jar", i)), jar, 0o644); err != nil {
			b.Fatal(err)
		}
	}
}
