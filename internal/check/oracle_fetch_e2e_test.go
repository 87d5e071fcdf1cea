//go:build e2e

package check

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const oracles = "../../testdata/e2e/oracle"

// cache is where downloads are kept from run to run.
func cache(t *testing.T) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(dir, "glue-connector-e2e")
	if err := os.MkdirAll(filepath.Join(dir, "jars"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// tool runs a program and gives what it prints.
func tool(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("running %s: %w\n%s%s", name, err, tail(stdout.String()), tail(stderr.String()))
	}
	return stdout.String(), nil
}

func mustTool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := tool(t, name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func tail(s string) string { return s[max(0, len(s)-4000):] }

// twice tries once more what may fail for a moment: a download.
func twice(t *testing.T, what string, try func() error) {
	t.Helper()
	err := try()
	if err != nil {
		t.Logf("%s, first try: %v", what, err)
		err = try()
	}
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// The modules have Maven copy one artifact each, so that it gets several at a
// time.
const (
	project = "<project><modelVersion>4.0.0</modelVersion><groupId>e2e</groupId><artifactId>%s</artifactId>" +
		"<version>0</version><packaging>pom</packaging>%s</project>"
	copying = "<build><plugins><plugin><artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version>" +
		"<executions><execution><phase>validate</phase><goals><goal>copy</goal></goals>" +
		"<configuration><outputDirectory>%s</outputDirectory><artifactItems><artifactItem>" +
		"<groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version><type>%s</type><classifier>%s</classifier>" +
		"</artifactItem></artifactItems></configuration></execution></executions></plugin></plugins></build>"
)

// coordinates splits group:artifact:version[:packaging:classifier].
func coordinates(s string) [5]string {
	c := [5]string{3: "jar"}
	copy(c[:], strings.Split(s, ":"))
	return c
}

// jarPath is where the jar of some coordinates lies, or a jar of Debian's.
func jarPath(t *testing.T, s string) string {
	if filepath.IsAbs(s) {
		return s
	}
	c := coordinates(s)
	name := c[1] + "-" + c[2]
	if c[4] != "" {
		name += "-" + c[4]
	}
	return filepath.Join(cache(t), "jars", name+".jar")
}

// One Maven at a time: two get into each other's way in its local repository.
var maven sync.Mutex

// fetch downloads the artifacts that are not there yet, or fails.
func fetch(t *testing.T, all []string) {
	t.Helper()
	maven.Lock()
	defer maven.Unlock()
	twice(t, "fetching from Maven Central", func() error {
		list := missing(t, all)
		if len(list) == 0 {
			return nil
		}
		// Beside the cache, so that only whole files come into it.
		dir, err := os.MkdirTemp(cache(t), "fetching")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		failed := copyArtifacts(t, dir, list)
		for _, s := range list {
			to := jarPath(t, s)
			if err := os.Rename(filepath.Join(dir, filepath.Base(to)), to); err != nil && failed == nil {
				return err
			}
		}
		return failed
	})
	if list := missing(t, all); len(list) > 0 {
		t.Fatalf("not to be had: %s", strings.Join(list, ", "))
	}
}

func copyArtifacts(t *testing.T, dir string, list []string) error {
	var modules strings.Builder
	for i, s := range list {
		name, c := fmt.Sprintf("m%d", i), coordinates(s)
		fmt.Fprintf(&modules, "<module>%s</module>", name)
		pom := fmt.Sprintf(project, name, fmt.Sprintf(copying, dir, c[0], c[1], c[2], c[3], c[4]))
		if err := writeFile(filepath.Join(dir, name, "pom.xml"), pom); err != nil {
			return err
		}
	}
	root := fmt.Sprintf(project, "all", "<modules>"+modules.String()+"</modules>")
	if err := writeFile(filepath.Join(dir, "pom.xml"), root); err != nil {
		return err
	}
	// -U: Maven would remember for a day what it could not get.
	_, err := tool(t, "mvn", "-q", "-B", "-U", "-T", "4", "-fae", "-f", dir, "validate")
	return err
}

// missing lists what is not there, once each. Debian's jars are for .ci/run to
// install.
func missing(t *testing.T, all []string) []string {
	var list []string
	for _, s := range all {
		if _, err := os.Stat(jarPath(t, s)); err != nil && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func writeFile(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}
