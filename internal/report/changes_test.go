package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompare(t *testing.T) {
	jar := func(name string, size int64, content int) Jar {
		return Jar{Name: name, Size: size, SHA256: hash(content)}
	}
	for _, tt := range []struct {
		name          string
		before, after []Jar
		want          Changes
	}{
		{"nothing at all", nil, nil, Changes{}},
		{"the same", []Jar{jar("jars/a.jar", 1, 1)}, []Jar{jar("a.jar", 1, 1)}, Changes{Same: 1}},
		{"the first image", nil, []Jar{jar("a.jar", 5, 1)}, Changes{Added: []Jar{jar("a.jar", 5, 1)}, Size: 5}},
		{"other content", []Jar{jar("a.jar", 5, 1)}, []Jar{jar("a.jar", 3, 2)},
			Changes{Replaced: []Replacement{{jar("a.jar", 5, 1), jar("a.jar", 3, 2)}}, Size: -2}},
		{"another version", []Jar{jar("a-core_2.12-1.0.jar", 5, 1), jar("b.jar", 1, 3)}, []Jar{jar("a-core_2.13-1.1-SNAPSHOT.jar", 5, 2), jar("c.jar", 1, 3)},
			Changes{Replaced: []Replacement{{jar("a-core_2.12-1.0.jar", 5, 1), jar("a-core_2.13-1.1-SNAPSHOT.jar", 5, 2)}}, Added: []Jar{jar("c.jar", 1, 3)}, Removed: []Jar{jar("b.jar", 1, 3)}}},
		{"two versions of one", []Jar{jar("a-1.jar", 1, 1)}, []Jar{jar("a-2.jar", 1, 2), jar("a-3.jar", 1, 3)},
			Changes{Removed: []Jar{jar("a-1.jar", 1, 1)}, Added: []Jar{jar("a-2.jar", 1, 2), jar("a-3.jar", 1, 3)}, Size: 1}},
		{"a name twice", []Jar{jar("a.jar", 1, 1), jar("a.jar", 2, 2)}, []Jar{jar("a.jar", 1, 1)},
			Changes{Removed: []Jar{jar("a.jar", 1, 1), jar("a.jar", 2, 2)}, Added: []Jar{jar("a.jar", 1, 1)}, Size: -2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(&tt.want, Compare(tt.before, tt.after)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Ten jars have a bar of their own, and the rest has one; none of them is
// nothing, and a sum that is no number of bytes is no bar.
func TestChart(t *testing.T) {
	r := good()
	r.Connector.Jars = nil
	for i := range 25 {
		r.Connector.Jars = append(r.Connector.Jars, Jar{Name: "a.jar", Size: int64(i * i * 1000)})
	}
	md := r.Markdown()
	for _, want := range []string{"4.9 MB: 25 jars", "| 576.0&nbsp;kB | █▏ 12&nbsp;% |", "| 15 others | 1.0&nbsp;MB | ██ 21&nbsp;% |"} {
		if !strings.Contains(md, want) {
			t.Errorf("no %q in\n%s", want, md)
		}
	}
	for _, tt := range []struct {
		n, most int64
		want    string
	}{{0, 10, ""}, {10, 10, "██████████"}, {1, 1 << 60, "▏"}, {5, 10, "█████"}, {1 << 60, 1 << 60, "██████████"}, {-1 << 62, 1, ""}} {
		if got := bar(tt.n, tt.most); got != tt.want {
			t.Errorf("bar(%d, %d) = %q, want %q", tt.n, tt.most, got, tt.want)
		}
	}
}
