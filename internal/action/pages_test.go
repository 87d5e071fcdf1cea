package action

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"glue-connector/internal/check"
)

// pages are what people read of the repository.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"../../*.md", "../../.github/*.md", "../../testdata/*/README.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all[f] = string(b)
		}
	}
	return all
}

var (
	linkTo  = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fenced  = regexp.MustCompile("(?ms)^```.*?^```$")
)

// Every link within the repository leads somewhere.
func TestLinks(t *testing.T) {
	for file, text := range pages(t) {
		anchors := map[string]bool{}
		text = fenced.ReplaceAllString(text, "")
		for _, h := range heading.FindAllStringSubmatch(text, -1) {
			anchors[anchor(h[1])] = true
		}
		for _, m := range linkTo.FindAllStringSubmatch(text, -1) {
			to := m[1] + m[2]
			path, fragment, _ := strings.Cut(to, "#")
			switch {
			case strings.Contains(to, "://"), strings.HasPrefix(to, "../../../security/"): // GitHub's own pages
			case path == "" && !anchors[fragment]:
				t.Errorf("%s has no heading for #%s", file, fragment)
			case path != "":
				if _, err := os.Stat(filepath.Join(filepath.Dir(file), path)); err != nil {
					t.Errorf("%s: %v", file, err)
				}
			}
		}
	}
}

// anchor is GitHub's for a heading.
func anchor(heading string) string {
	return regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ReplaceAll(strings.ToLower(heading), " ", "-"), "")
}

// Rules that are named in prose are rules that there are.
func TestRulesInProse(t *testing.T) {
	families := map[string]bool{}
	for _, r := range check.Rules {
		family, _, _ := strings.Cut(r.ID, "-")
		families[family] = true
	}
	known := func(name string) bool {
		return slices.ContainsFunc(check.Rules, func(r check.Rule) bool { return r.ID == name }) ||
			slices.ContainsFunc(Inputs, func(i Input) bool { return i.Name == name }) ||
			slices.ContainsFunc(Outputs, func(o Output) bool { return o.Name == name })
	}
	for file, text := range pages(t) {
		for _, m := range regexp.MustCompile("`([a-z]+)(-[a-z-]+)`").FindAllStringSubmatch(text, -1) {
			if families[m[1]] && !known(m[1]+m[2]) {
				t.Errorf("%s speaks of %s, which there is not", file, m[1]+m[2])
			}
		}
	}
}
