//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	shipping "glue-connector/internal/release"
)

// A release as the workflow makes it, but for GitHub: the binaries, the image in
// a registry, the tags in a repository, and then the action at its tag.
func (s *suite) testRelease(t *testing.T) {
	s.actionImage(t)
	const version = "v1.2.3"
	dir := t.TempDir()
	bare, clone, out := filepath.Join(dir, "bare.git"), filepath.Join(dir, "clone"), filepath.Join(dir, "dist")
	s.must(t, nil, "git", "init", "-q", "--bare", "-b", "main", bare)
	s.must(t, nil, "git", "clone", "-q", bare, clone)
	s.must(t, nil, "env", "-C", s.root, "cp", "-r", "--parents", "-t", clone, "action.yml", "Dockerfile", "LICENSE", "go.mod", "go.sum", "cmd", "internal", ".github")
	for _, args := range []string{"add -A", "-c user.name=mona -c user.email=mona@example.com commit -q -m x", "push -q origin HEAD:main"} {
		s.must(t, nil, "git", append([]string{"-C", clone}, strings.Fields(args)...)...)
	}

	// The Dockerfile's build, in a container without a cache, is the same bytes.
	if err := shipping.Build(t.Context(), clone, out, "", time.Unix(0, 0), shipping.Platforms[:1]); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(s.must(t, s.docker, "docker", "create", "--pull=never", "glue-connector"))
	s.must(t, s.docker, "docker", "cp", id+":/glue-connector", filepath.Join(dir, "theirs"))
	s.must(t, s.docker, "docker", "rm", id)
	if !bytes.Equal(read(t, shipping.Platforms[0].Binary(out)), read(t, filepath.Join(dir, "theirs"))) {
		t.Error("two builds are two programs")
	}

	run := func(args ...string) string {
		t.Helper()
		return s.must(t, []string{"GITHUB_SERVER_URL=https://github.com", "GITHUB_REPOSITORY=Octo/glue-connector"}, "env", append([]string{"-C", clone, s.tool(t)}, args...)...)
	}
	write(t, filepath.Join(clone, ".github/CHANGELOG.md"), []byte("# Changelog\n\n## 1.2.3 (2026-11-24)\n\n- first\n"))
	if notes := run("check", version); notes != "- first\n" {
		t.Errorf("notes %q", notes)
	}
	run("build", version, "--out", out, "--platforms", "linux_amd64,linux_arm64")
	s.must(t, nil, "env", "-C", out, "sha256sum", "--check", "--strict", "checksums.txt")
	printed := run("image", version, "--out", out, "--repository", s.registry+"/Octo/glue-connector")
	m := regexp.MustCompile(`^name=(.*)\ndigest=(sha256:[0-9a-f]{64})\n$`).FindStringSubmatch(printed)
	if m == nil {
		t.Fatalf("no outputs: %q", printed)
	}
	if again := run("image", version, "--out", out, "--repository", s.registry+"/Octo/glue-connector"); again != printed {
		t.Errorf("the same binaries are another image: %s", again)
	}
	run("tag", version, m[1]+"@"+m[2])
	checkSizes(t, m[1]+"@"+m[2])

	for _, tag := range []string{version, "v1"} {
		at := filepath.Join(dir, tag)
		s.must(t, nil, "git", "clone", "-q", "--branch", tag, bare, at)
		image := regexp.MustCompile(`\n  image: docker://(\S+)\n`).FindStringSubmatch(string(read(t, filepath.Join(at, "action.yml"))))
		if image == nil || image[1] != m[1]+"@"+m[2] {
			t.Fatalf("%s has image %v", tag, image)
		}
	}
	s.must(t, s.docker, "docker", "pull", "--quiet", m[1]+"@"+m[2])
	if got := s.must(t, s.docker, "docker", "run", "--rm", "--pull=never", "--network=none", m[1]+"@"+m[2], "--version"); !strings.Contains(got, version) {
		t.Errorf("the released program is %q", got)
	}
	s.must(t, s.docker, "docker", "tag", m[1]+"@"+m[2], "released")
	s.testStartUp(t, "released")
}

// tool is cmd/release, built once.
func (s *suite) tool(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(s.dir, "release")
	if _, err := os.Stat(bin); err != nil {
		s.must(t, nil, "go", "build", "-o", bin, "../release")
	}
	return bin
}

// checkSizes bounds what a runner downloads, in bytes.
func checkSizes(t *testing.T, image string) {
	t.Helper()
	ref, err := name.ParseReference(image)
	if err != nil {
		t.Fatal(err)
	}
	for _, arch := range []string{"amd64", "arm64"} {
		img, err := remote.Image(ref, remote.WithPlatform(v1.Platform{OS: "linux", Architecture: arch}))
		if err != nil {
			t.Fatal(err)
		}
		m, err := img.Manifest()
		if err != nil {
			t.Fatal(err)
		}
		var size int64
		for _, l := range m.Layers {
			size += l.Size
		}
		t.Logf("%s: %.1f MB", arch, float64(size)/1e6)
		if size > 30e6 {
			t.Errorf("%s: %d bytes to download", arch, size)
		}
	}
}

// testStartUp compares a check of the demo connector with a program that does
// nothing, each in a container of its own, in turns.
func (s *suite) testStartUp(t *testing.T, image string) {
	s.must(t, s.docker, s.script("base-images.sh"), "empty", "empty:here")
	demo := filepath.Join(s.root, "testdata/demo")
	took := map[string][]time.Duration{}
	for range 9 {
		for name, args := range map[string][]string{
			"nothing": {"empty:here"},
			"check":   {"-v", demo + ":/demo:ro", image, "check", "--working-directory", "/demo", "--jars", "jars", "--fail-on", "never"},
		} {
			start := time.Now()
			s.must(t, s.docker, "docker", append([]string{"run", "--rm", "--pull=never", "--network=none"}, args...)...)
			took[name] = append(took[name], time.Since(start))
		}
	}
	for _, all := range took {
		slices.Sort(all)
	}
	nothing, check := took["nothing"][4], took["check"][4]
	ratio := float64(check) / float64(nothing)
	report, _ := json.Marshal(map[string]any{"nothing": nothing.String(), "check": check.String(), "ratio": ratio})
	t.Logf("%s", report)
	if ratio > 2 {
		t.Errorf("a check takes %v, and an empty container %v", check, nothing)
	}
}
