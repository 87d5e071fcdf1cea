package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The README's commands, letter by letter, against AWS and a registry on the
// wire: of a publisher's folder, and of a clone.
func TestREADMECommands(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	script.WriteString(readmeFolder)
	n, product := 0, ""
	for _, block := range regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		if strings.HasPrefix(block[2], "title: ") {
			// The name is taken: the folder's product has that repository.
			product = strings.ReplaceAll(block[2], "[my-connector]", "[my-database]")
		}
		if block[1] != "" {
			continue // a file, and no commands
		}
		for line := range strings.Lines(block[2]) {
			line = strings.TrimSpace(line)
			if clone, ok := strings.CutPrefix(line, "go run ./cmd/glue-connector "); ok {
				line = "glue-connector " + clone
			}
			if !strings.HasPrefix(line, "glue-connector ") {
				continue // see .ci/run and testMoto
			}
			if command, _, ok := strings.Cut(line, " >"); ok {
				line = command // it is testscript that runs it, and no shell
			}
			line = strings.ReplaceAll(line, "--jdbc-url-delimiter '&'", "--jdbc-url-delimiter=&") // which would be the background
			fmt.Fprintf(&script, "exec %s\n", line)
			n++
		}
	}
	if n < 14 {
		t.Errorf("the README has %d commands", n)
	}
	fmt.Fprintf(&script, "-- product.yaml --\n%s", product)
	file := filepath.Join(t.TempDir(), "readme.txtar")
	if err := os.WriteFile(file, []byte(script.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	params := scripts()
	params.Dir, params.Files = "", []string{file}
	testscript.Run(t, params)
}

// readmeFolder is what the commands find: a jar that is built, and the
// repositories that they name.
const readmeFolder = `demo
mkdir target testdata/demo/jars
cp jars/demo-jdbc-1.0.0.jar target/demo-jdbc-1.0.0.jar
cp jars/demo-jdbc-1.0.0.jar testdata/demo/jars/demo-jdbc-1.0.0.jar
cp config.json testdata/demo/config.json
repository 123456789012 us-east-1 my-company/my-connector
env TITLE='My Company Database'
product prod-abcdefghijklm Limited $MARKETPLACE/my-company/my-connector
exec glue-connector publish --jars jars --repository my-company/my-connector --product-id prod-abcdefghijklm --release-notes x --jdbc-url-formats $FORMATS --jdbc-url-delimiter=&
`
