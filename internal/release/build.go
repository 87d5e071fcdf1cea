package release

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Platform is one that binaries are built for.
type Platform struct{ OS, Arch string }

func (p Platform) String() string { return p.OS + "_" + p.Arch }

// Platforms are those of the binaries; the image has those of Linux.
var Platforms = []Platform{
	{"linux", "amd64"}, {"linux", "arm64"},
	{"darwin", "amd64"}, {"darwin", "arm64"},
	{"windows", "amd64"}, {"windows", "arm64"},
}

// ParsePlatforms finds platforms by their names; none means all.
func ParsePlatforms(names []string) ([]Platform, error) {
	if len(names) == 0 {
		return Platforms, nil
	}
	var found []Platform
	for _, n := range names {
		i := slices.IndexFunc(Platforms, func(p Platform) bool { return p.String() == n })
		if i < 0 {
			return nil, fmt.Errorf("there is no platform %q", n)
		}
		found = append(found, Platforms[i])
	}
	return found, nil
}

// Binary is where Build leaves the program for a platform.
func (p Platform) Binary(out string) string {
	name := "glue-connector"
	if p.OS == "windows" {
		name += ".exe"
	}
	return filepath.Join(out, "bin", p.String(), name)
}

// Licences is where Build leaves the texts that go with a binary.
func (p Platform) Licences(out string) string {
	return filepath.Join(out, "bin", p.String(), "THIRD-PARTY-LICENSES.txt")
}

// Build compiles the program of the module at root for some platforms, and puts
// into out the binaries, an archive of each with the licences of it and of what
// it is made of, and checksums.txt. The same sources and the same Go give the same bytes, wherever
// root is; times in the archives are at.
func Build(ctx context.Context, root, out string, v Version, at time.Time, platforms []Platform) error {
	out, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	licence, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, p := range platforms {
		if err := compile(ctx, root, p.Binary(out), v, p); err != nil {
			return err
		}
		program, err := os.ReadFile(p.Binary(out))
		if err != nil {
			return err
		}
		others, err := licences(ctx, root, p)
		if err != nil {
			return err
		}
		if err := os.WriteFile(p.Licences(out), []byte(others), 0o644); err != nil {
			return err
		}
		pack, suffix := tarball, ".tar.gz"
		if p.OS == "windows" {
			pack, suffix = zipped, ".zip"
		}
		archive, err := pack([]file{{filepath.Base(p.Binary(out)), 0o755, program}, {"LICENSE", 0o644, licence}, {filepath.Base(p.Licences(out)), 0o644, []byte(others)}}, at)
		if err != nil {
			return err
		}
		name := "glue-connector_" + strings.TrimPrefix(string(v), "v") + "_" + p.String() + suffix
		if err := os.WriteFile(filepath.Join(out, name), archive, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(archive), name)
	}
	return os.WriteFile(filepath.Join(out, "checksums.txt"), []byte(sums.String()), 0o644)
}

// compile runs go build with nothing of this machine in it: no cgo, no paths, no
// state of the checkout.
func compile(ctx context.Context, root, binary string, v Version, p Platform) error {
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w -buildid= -X glue-connector/internal/action.version="+string(v), "-o", binary, "./cmd/glue-connector")
	c.Dir = root
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.OS, "GOARCH="+p.Arch, "GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=-mod=readonly", "GOEXPERIMENT=")
	if output, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("building for %s: %w\n%s", p, err, output)
	}
	return nil
}
