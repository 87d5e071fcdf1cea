package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

var at = time.Unix(1700000000, 0).UTC()

func TestParseVersion(t *testing.T) {
	for in, want := range map[string]Version{
		"1.2.3": "v1.2.3", "v1.2.3": "v1.2.3", "v0.1.0": "v0.1.0", "2.0.0-rc.1": "v2.0.0-rc.1",
		"": "", "1.2": "", "v1": "", "1.2.3.4": "", "01.2.3": "", "1.2.3+x": "", "latest": "", "v1.2.3 ": "", "v1.2.3;id": "", "--force": "",
	} {
		got, err := ParseVersion(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v", in, got, err)
		}
	}
}

func TestLeads(t *testing.T) {
	for _, c := range []struct {
		version Version
		tags    string
		want    bool
	}{
		{"v1.0.0", "", true},
		{"v1.2.4", "v1.2.3 v1", true},
		{"v1.2.4", "v1.3.0 v1", false}, // a fix of an older line
		{"v1.10.0", "v1.9.0", true},
		{"v1.2.4", "v2.0.0 v2 v1", true},
		{"v1.3.0", "v1.4.0-rc.1", true},
		{"v1.3.0-rc.1", "v1.2.0", false},
		{"v1.2.3", "v1.2.3 nightly", true},
	} {
		if got := c.version.Leads(strings.Fields(c.tags)); got != c.want {
			t.Errorf("%s among %s: %v", c.version, c.tags, got)
		}
	}
}

// unreleased is action.yml as it is between releases, also in the sources of one.
func unreleased(t *testing.T) []byte {
	t.Helper()
	action, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^  image: docker://.*$`).ReplaceAll(action, []byte("  image: Dockerfile"))
}

func TestPinAction(t *testing.T) {
	action := unreleased(t)
	image := "ghcr.io/owner/name@sha256:" + strings.Repeat("a", 64)
	got, err := PinAction(string(action), image)
	if err != nil {
		t.Fatal(err)
	}
	diff := cmp.Diff(strings.Split(string(action), "\n"), strings.Split(got, "\n"))
	if !strings.Contains(got, "\n  image: docker://"+image+"\n") || strings.Count(diff, "\n+") != 1 || strings.Count(diff, "\n-") != 1 {
		t.Errorf("more or less than the image differs: %s", diff)
	}
	for _, image := range []string{"ghcr.io/owner/name:v1", "ghcr.io/owner/name@sha256:1", ""} {
		if _, err := PinAction(string(action), image); err == nil {
			t.Errorf("%q is no image by digest", image)
		}
	}
	if _, err := PinAction(got, image); err == nil {
		t.Error("what is pinned was pinned again")
	}
}

func TestNotes(t *testing.T) {
	const changelog = "# Changelog\n\n## Unreleased\n\nsoon\n\n## 1.10.0 (2026-11-01)\n\n- a\n- b\n\n## 1.1.0\n\n## 1.0.0\n\nfirst\n"
	for version, want := range map[Version]string{"v1.10.0": "- a\n- b\n", "v1.0.0": "first\n", "v1.1.0": "", "v1.0": "", "v1.10.0-rc.1": ""} {
		got, err := Notes(changelog, version)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", version, got, err)
		}
	}
}

// binaries are stand-ins for the programs, which .ci/e2e really builds.
func binaries(t *testing.T) string {
	t.Helper()
	out := t.TempDir()
	for _, p := range Platforms {
		if err := os.MkdirAll(filepath.Dir(p.Binary(out)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p.Binary(out), []byte("program for "+p.String()), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p.Licences(out), []byte("theirs"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestImage(t *testing.T) {
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, []byte("authorities"), 0o600); err != nil {
		t.Fatal(err)
	}
	source := Source{Version: "v1.2.3", URL: "https://github.com/Owner/Name", Revision: "abc", At: at}
	s := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer s.Close()
	repository := strings.TrimPrefix(s.URL, "http://") + "/Owner/Name"
	var pushed []string
	for range 2 { // from files of other times, in another folder
		index, err := Image(binaries(t), roots, source)
		if err != nil {
			t.Fatal(err)
		}
		ref, err := Push(t.Context(), repository, "v1.2.3", index)
		if err != nil {
			t.Fatal(err)
		}
		pushed = append(pushed, ref)
	}
	if pushed[0] != pushed[1] || !strings.HasPrefix(pushed[0], strings.ToLower(repository)+"@sha256:") {
		t.Fatalf("pushed %v", pushed)
	}
	ref, err := name.ParseReference(pushed[0])
	if err != nil {
		t.Fatal(err)
	}
	index, err := remote.Index(ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Error(err)
	}
	for _, p := range Platforms[:2] {
		image, err := remote.Image(ref, remote.WithPlatform(v1.Platform{OS: p.OS, Architecture: p.Arch}))
		if err != nil {
			t.Fatal(err)
		}
		config, err := image.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		if config.Architecture != p.Arch || config.Config.User != "" || config.Config.Entrypoint[0] != "/glue-connector" || config.Config.Labels["org.opencontainers.image.source"] != source.URL {
			t.Errorf("config %+v", config)
		}
		want := map[string]string{"etc/ssl/certs/ca-certificates.crt 644": "authorities", "THIRD-PARTY-LICENSES.txt 644": "theirs", "glue-connector 755": "program for " + p.String()}
		if diff := cmp.Diff(want, filesOf(t, image)); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := Image(t.TempDir(), roots, source); err == nil {
		t.Error("an image of nothing")
	}
}

func filesOf(t *testing.T, image v1.Image) map[string]string {
	t.Helper()
	all := map[string]string{}
	layers, err := image.Layers()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		r, err := l.Uncompressed()
		if err != nil {
			t.Fatal(err)
		}
		untar(t, r, all)
		r.Close()
	}
	return all
}

func untar(t *testing.T, r io.Reader, all map[string]string) {
	t.Helper()
	for tr := tar.NewReader(r); ; {
		h, err := tr.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(tr)
		if err != nil {
			t.Fatal(err)
		}
		if h.Uid != 0 || h.Gid != 0 || !h.ModTime.Equal(at) {
			t.Errorf("%s belongs to %d:%d and is of %v", h.Name, h.Uid, h.Gid, h.ModTime)
		}
		all[fmt.Sprintf("%s %o", h.Name, h.Mode)] = string(b)
	}
}

func TestArchive(t *testing.T) {
	b, err := tarball([]file{{"glue-connector", 0o755, []byte("x")}}, at)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if !z.ModTime.IsZero() || z.Name != "" {
		t.Errorf("the archive knows where it is from: %+v", z.Header)
	}
}

// What is released names each module that is in it, with the text of its licence.
func TestLicences(t *testing.T) {
	text, err := licences(t.Context(), "../..", Platforms[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nGo go", "\ngithub.com/google/go-containerregistry v", "\ngithub.com/spf13/cobra v", "Apache License", "Permission is hereby granted"} {
		if !strings.Contains(text, want) {
			t.Errorf("they lack %q", want)
		}
	}
	if strings.Contains(text, "\ngithub.com/rogpeppe/go-internal ") || strings.Contains(text, "inconshreveable") {
		t.Error("they have those of tests, or of another platform")
	}
	if windows, err := licences(t.Context(), "../..", Platforms[4]); err != nil || !strings.Contains(windows, "\ngithub.com/inconshreveable/mousetrap v") {
		t.Errorf("those for Windows are the same: %v", err)
	}
}
