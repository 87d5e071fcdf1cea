package release

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// licenceFile names the file of a module that has to go with what is built of it.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)(\.|-|$)`)

// licences are the texts that the modules of the program ask to be handed on, for
// one platform, by module; Go's own is the first.
func licences(ctx context.Context, root string, p Platform) (string, error) {
	c := exec.CommandContext(ctx, "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/glue-connector")
	c.Dir, c.Env = root, append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.OS, "GOARCH="+p.Arch, "GOFLAGS=-mod=readonly")
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("listing the modules for %s: %w", p, err)
	}
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("looking for Go: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	var b strings.Builder
	b.WriteString("glue-connector is under the Apache License 2.0, and is made of these:\n")
	for _, line := range append([]string{"Go\t" + runtime.Version() + "\t" + strings.TrimSpace(string(goroot))}, slices.Compact(lines)...) {
		parts := strings.Split(line, "\t")
		if len(parts) != 3 {
			return "", fmt.Errorf("listing the modules for %s: odd line %q", p, line)
		}
		if err := handOn(&b, parts[0]+" "+parts[1], parts[2]); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// handOn copies a module's texts. A module without any may not be handed on.
func handOn(b *strings.Builder, module, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("looking for the licence of %s: %w", module, err)
	}
	n := 0
	for _, e := range entries {
		if !licenceFile.MatchString(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return fmt.Errorf("reading the licence of %s: %w", module, err)
		}
		fmt.Fprintf(b, "\n%s\n%s, %s\n%s\n\n%s\n", strings.Repeat("=", 79), module, e.Name(), strings.Repeat("=", 79), strings.TrimSpace(string(text)))
		n++
	}
	if n == 0 {
		return fmt.Errorf("looking for the licence of %s: it has none", module)
	}
	return nil
}
