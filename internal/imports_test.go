// Package internal_test holds the import table: who may know whom.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowed lists, for each package, what it may import besides the standard
// library. The core comes first: it knows no network, no AWS, no runner.
var allowed = map[string][]string{
	"classfile": {},
	"jar":       {},
	"connector": {own + "jar", "github.com/go-json-experiment/json/jsontext"},
	"glue":      {},
	"check":     {own + "classfile", own + "glue", own + "connector", own + "jar", own + "trial", own + "unpack", "golang.org/x/sync/errgroup"},
	"image":     {own + "connector", ggcr + "v1", ggcr + "v1/empty", ggcr + "v1/mutate", ggcr + "v1/types", "github.com/klauspost/compress/gzip"},
	"sbom":      {own + "connector", own + "jar", "github.com/CycloneDX/cyclonedx-go", "golang.org/x/sync/errgroup"},
	"unpack":    {},
	"product":   {own + "connector", "go.yaml.in/yaml/v4"},
	"trial":     {own + "connector", own + "glue", "go.yaml.in/yaml/v4"},
	"report":    {own + "check", own + "connector", own + "trial", "github.com/go-json-experiment/json", "github.com/google/jsonschema-go/jsonschema"},

	"localrun":  {own + "trial"},
	"workspace": {"github.com/bmatcuk/doublestar/v4", "golang.org/x/sys/unix"},
	"registry": {own + "connector", ggcr + "authn", ggcr + "name", ggcr + "v1", ggcr + "v1/partial", ggcr + "v1/remote", ggcr + "v1/remote/transport", ggcr + "v1/static", ggcr + "v1/types",
		aws + "aws", aws + "service/ecr", aws + "service/ecr/types", aws + "service/sts", "github.com/aws/smithy-go",
		"github.com/sethvargo/go-retry", "golang.org/x/sync/errgroup"},
	"marketplace": {own + "connector", aws + "aws", aws + "aws/retry", aws + "service/marketplacecatalog", aws + "service/marketplacecatalog/document",
		aws + "service/marketplacecatalog/types", "github.com/aws/smithy-go", "github.com/aws/smithy-go/transport/http"},
	"credentials": {aws + "aws", aws + "aws/retry", aws + "aws/transport/http", aws + "credentials/stscreds", aws + "service/sts", "github.com/aws/smithy-go",
		"github.com/aws/smithy-go/transport/http", "github.com/go-json-experiment/json", "github.com/go-json-experiment/json/jsontext",
		"github.com/sethvargo/go-retry"},
	"gluejob": {own + "trial", aws + "aws", aws + "aws/retry", aws + "aws/transport/http", aws + "service/cloudwatchlogs", aws + "service/cloudwatchlogs/types",
		aws + "service/glue", aws + "service/glue/types", aws + "service/s3", aws + "service/s3/types", "github.com/aws/smithy-go"},
	"pullrequest": {"github.com/google/go-github/v60/github", "github.com/sethvargo/go-retry"},
	"action": {own + "check", own + "connector", own + "credentials", own + "glue", own + "gluejob", own + "image", own + "localrun", own + "marketplace", own + "product", own + "pullrequest", own + "registry", own + "report", own + "sbom", own + "trial", own + "unpack", own + "workspace",
		ggcr + "name", ggcr + "v1", ggcr + "v1/empty", ggcr + "v1/layout", ggcr + "v1/tarball",
		aws + "aws", aws + "aws/retry", aws + "config", "github.com/aws/smithy-go/logging",
		"github.com/schollz/progressbar/v3", "github.com/sethvargo/go-githubactions", "github.com/spf13/cobra", "github.com/spf13/pflag", "go.yaml.in/yaml/v4", "golang.org/x/sync/errgroup"},

	// Of no use to the program: what makes releases of it.
	"release": {ggcr + "authn", ggcr + "name", ggcr + "v1", ggcr + "v1/empty", ggcr + "v1/mutate", ggcr + "v1/remote", ggcr + "v1/static", ggcr + "v1/types", "golang.org/x/mod/semver"},
}

const (
	own  = "glue-connector/internal/"
	ggcr = "github.com/google/go-containerregistry/pkg/"
	aws  = "github.com/aws/aws-sdk-go-v2/"
)

// forbidden lists packages of the standard library by what they stand for.
// Only workspace opens the publisher's files, so that no link is followed; the
// action also opens the runner's, and writes images.
var forbidden = map[string][]string{
	"classfile":   {"net", "net/http", "os", "os/exec"},
	"jar":         {"net", "net/http", "os", "os/exec"},
	"connector":   {"net", "net/http", "os", "os/exec"},
	"check":       {"net", "net/http", "os", "os/exec"},
	"glue":        {"net", "net/http", "os", "os/exec"},
	"image":       {"net", "net/http", "os", "os/exec"},
	"sbom":        {"net", "net/http", "os", "os/exec"},
	"unpack":      {"net", "net/http", "os", "os/exec"},
	"trial":       {"net", "net/http", "os", "os/exec"},
	"product":     {"net", "net/http", "os", "os/exec"},
	"report":      {"net", "net/http", "os", "os/exec"},
	"workspace":   {"net", "net/http", "os/exec"},
	"registry":    {"os", "os/exec"},
	"credentials": {"os", "os/exec"},
	"marketplace": {"os", "os/exec"},
	"gluejob":     {"net/http", "os", "os/exec"},
	"pullrequest": {"os", "os/exec"},
	"action":      {"net/http", "os/exec"},
}

func TestImports(t *testing.T) {
	seen := imports(t)
	for pkg, files := range seen {
		for _, i := range files {
			standard := !strings.Contains(i.path, ".") && !strings.HasPrefix(i.path, own)
			if i.path == "text/template" || i.path == "html/template" {
				t.Errorf("%s imports %s, with which the linker keeps every method of the clients of AWS: the program is twice as large", i.file, i.path)
			}
			if standard && slices.Contains(forbidden[pkg], i.path) || !standard && !slices.Contains(allowed[pkg], i.path) {
				t.Errorf("%s imports %s, which the table does not allow for %s", i.file, i.path, pkg)
			}
		}
	}
	for pkg := range allowed {
		if seen[pkg] == nil {
			t.Errorf("the table names %s, which is not there", pkg)
		}
	}
	for pkg := range seen {
		if allowed[pkg] == nil {
			t.Errorf("package %s is not in the table", pkg)
		}
	}
}

// oneImport is one line of a file's imports.
type oneImport struct{ file, path string }

// imports parses what each package imports, its tests aside.
func imports(t *testing.T) map[string][]oneImport {
	t.Helper()
	seen := map[string][]oneImport{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		pkg := strings.Split(filepath.ToSlash(file), "/")[0]
		if pkg == "fake" {
			return nil // imported by tests only: see below
		}
		if seen[pkg] == nil {
			seen[pkg] = []oneImport{}
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range f.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			seen[pkg] = append(seen[pkg], oneImport{file, p})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}
