//go:build e2e

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var linkFlags = []string{
	"--jdbc-url-formats", "username_password=jdbc:postgresql://${host}:${port}/${database}?user=${Username}&password=${Password}",
	"--jdbc-url-delimiter", "&",
}

func TestEndToEnd(t *testing.T) {
	s := start(t)
	t.Run("a real connector", s.testRealConnector)
	t.Run("events", s.testEvents)
	t.Run("act", s.testAct)
	t.Run("docker's own push", s.testDockersOwnPush)
	t.Run("base image", s.testBaseImage)
	t.Run("inputs", s.testInputs)
	t.Run("moto", s.testMoto)
	t.Run("release", s.testRelease)
	t.Run("demo", s.testDemoIsBuiltFromItsSource)
}

// project makes a publisher's folder with the PostgreSQL driver of Debian.
func (s *suite) project(t *testing.T) (dir string, jar []byte) {
	t.Helper()
	dir = t.TempDir()
	found, _ := filepath.Glob("/usr/share/java/postgresql*.jar")
	if len(found) == 0 {
		t.Fatal("no PostgreSQL driver: install libpostgresql-jdbc-java")
	}
	jar, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(s.root, "testdata/e2e/postgresql/config.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"lib/postgresql-42.5.4.jar": jar, "config.json": config} {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, jar
}

// files gets what is in an image through the engine, path by path.
func (s *suite) files(t *testing.T, image string) map[string][]byte {
	t.Helper()
	id := strings.TrimSpace(s.must(t, s.docker, "docker", "create", "--pull=never", image, "none"))
	defer s.must(t, s.docker, "docker", "rm", id)
	dir := filepath.Join(t.TempDir(), "out")
	s.must(t, s.docker, "docker", "cp", id+":/jars", dir)
	all := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func (s *suite) testRealConnector(t *testing.T) {
	s.world.CreateRepository(account, "us-east-1", "my-company/postgresql", true)
	dir, jar := s.project(t)
	push := append([]string{"push", "--jars", "lib/*.jar", "--repository", "my-company/postgresql"}, linkFlags...)
	out := s.run(t, dir, push...)
	if out["result"] != "pushed" || out["image"] != host+"/my-company/postgresql:42.5.4" {
		t.Errorf("outputs %v", out)
	}

	// A foreign client sees one Docker schema 2 manifest with our digest.
	raw := s.must(t, s.environment(), "skopeo", "inspect", "--raw", "--creds", "AWS:"+s.token(t), "docker://"+out["image"])
	if d := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(raw))); d != out["digest"] {
		t.Errorf("skopeo gets %s and the output says %s", d, out["digest"])
	}
	var manifest struct {
		MediaType string
		Layers    []struct{ MediaType string }
	}
	if err := json.Unmarshal([]byte(raw), &manifest); err != nil || manifest.MediaType != "application/vnd.docker.distribution.manifest.v2+json" {
		t.Errorf("manifest %s: %v", raw, err)
	}

	// The engine pulls it, and its files are the publisher's, byte for byte.
	s.must(t, s.docker, "docker", "pull", "--quiet", out["image-ref"])
	config, _ := os.ReadFile(filepath.Join(dir, "config.json"))
	want := map[string][]byte{"postgresql-42.5.4.jar": jar, "config.json": config}
	if diff := cmp.Diff(want, s.files(t, out["image-ref"])); diff != "" {
		t.Error("the image has other files")
	}

	// Glue would get the jar.
	c := s.must(t, s.environment(), s.bin, "verify", "--repository", out["image"])
	if want := fmt.Sprintf("%x", sha256.Sum256(jar)); !strings.Contains(c, want) {
		t.Errorf("verify does not show sha256 %s:\n%s", want, c)
	}

	// From another folder, with other file times and umask, it is the same image.
	before := s.world.UploadedBytes()
	other, _ := s.project(t)
	defer syscall.Umask(syscall.Umask(0o077))
	again := s.run(t, other, push...)
	if again["result"] != "already-published" || again["digest"] != out["digest"] || s.world.UploadedBytes() != before {
		t.Errorf("the re-run: %v, %d bytes uploaded", again, s.world.UploadedBytes()-before)
	}

	// The same image as a file: docker load has it under the same id.
	s.run(t, dir, "build", "--jars", "lib/*.jar", "--output", "image.tar", "--repository", out["image"])
	s.must(t, s.docker, "docker", "load", "--quiet", "--input", filepath.Join(dir, "image.tar"))
	ids := strings.Fields(s.must(t, s.docker, "docker", "image", "inspect", "--format", "{{.Id}}", out["image"], out["image-ref"]))
	if len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("loaded and pulled are two images: %v", ids)
	}
	s.run(t, dir, "build", "--jars", "lib/*.jar", "--output", "layout")
	if inspect := s.must(t, nil, "skopeo", "inspect", "oci:"+filepath.Join(dir, "layout")); !strings.Contains(inspect, out["digest"]) {
		t.Errorf("the layout holds another image: %s", inspect)
	}
}

// What docker build and docker push make of the same jars, Glue can load, too:
// the replay has to agree.
func (s *suite) testDockersOwnPush(t *testing.T) {
	s.world.CreateRepository(account, "us-east-1", "my-company/by-docker", false)
	dir, jar := s.project(t)
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM scratch\nCOPY lib /jars\nCOPY config.json /jars/\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	image := host + "/my-company/by-docker:1.0"
	s.must(t, s.docker, "docker", "build", "--quiet", "--network=none", "--tag", image, dir)
	s.must(t, s.docker, "docker", "push", "--quiet", image)
	out := s.must(t, s.environment(), s.bin, "verify", "--repository", image)
	if !strings.Contains(out, fmt.Sprintf("jars/postgresql-42.5.4.jar, %.1f MB, sha256 %x", float64(len(jar))/1e6, sha256.Sum256(jar))) {
		t.Errorf("verify: %s", out)
	}
}

func (s *suite) testBaseImage(t *testing.T) {
	s.world.CreateRepository(account, "us-east-1", "my-company/base", false)
	s.world.CreateRepository(account, "us-east-1", "my-company/on-base", false)
	s.must(t, s.docker, s.script("base-images.sh"), "empty", host+"/my-company/base:1")
	s.must(t, s.docker, "docker", "push", "--quiet", host+"/my-company/base:1")
	dir, jar := s.project(t)
	out := s.run(t, dir, append([]string{"push", "--jars", "lib", "--repository", "my-company/on-base", "--base-image", host + "/my-company/base:1"}, linkFlags...)...)
	s.must(t, s.docker, "docker", "pull", "--quiet", out["image"])
	if got := s.files(t, out["image"]); !bytes.Equal(got["postgresql-42.5.4.jar"], jar) {
		t.Error("the image on a base has another jar")
	}
	verify := s.must(t, s.environment(), s.bin, "verify", "--repository", out["image"])
	if !strings.Contains(verify, "a Glue job gets 1 jar") {
		t.Errorf("verify: %s", verify)
	}
}

// The demo's jar is committed: it is what its source gives.
func (s *suite) testDemoIsBuiltFromItsSource(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	s.must(t, nil, "cp", "-r", filepath.Join(s.root, "testdata/demo"), dir)
	jar := filepath.Join(dir, "jars/demo-jdbc-1.0.0.jar")
	want, err := os.ReadFile(jar)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(jar); err != nil {
		t.Fatal(err)
	}
	s.must(t, nil, "bash", filepath.Join(dir, "build.sh"))
	if got, err := os.ReadFile(jar); err != nil || !bytes.Equal(got, want) {
		t.Errorf("build.sh makes another jar (%v)", err)
	}
}
