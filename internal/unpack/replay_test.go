package unpack_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/unpack"
)

var allCases = slices.Concat(tableCases, modeCases, linkCases, tarCases)

func TestReplay(t *testing.T) {
	t.Parallel()
	for _, c := range allCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := replay(t, c.layers...)
			if diff := cmp.Diff(c.jars, paths(r)); diff != "" {
				t.Errorf("jars (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.codes, codes(r.Problems)); diff != "" {
				t.Errorf("codes (-want +got):\n%s\n%+v", diff, r.Problems)
			}
			if c.log == "" {
				return
			}
			last := r.Problems[len(r.Problems)-1]
			if !last.Code.StopsJob() || !strings.HasPrefix(last.Log, c.log) {
				t.Errorf("log %q, want %q", last.Log, c.log)
			}
		})
	}
}

func TestReplayResult(t *testing.T) {
	t.Parallel()
	first, second := layer(a, file("jars/x.jar", "old"), file("opt/o.jar", "behind")), layer(file("jars/x.jar", "new one"), soft("jars/l.jar", "../opt/o.jar"), soft("jars/m.jar", "gone"))
	got := replay(t, first, second)
	hash := func(s string) string { return strings.TrimPrefix(digestOf([]byte(s)), "sha256:") }
	one, two := digestOf(first), digestOf(second)
	want := &unpack.Result{
		Layers: []unpack.Layer{
			{Digest: one, MediaType: dockerLayer, Size: int64(len(first))},
			{Digest: two, MediaType: dockerLayer, Size: int64(len(second))},
		},
		Jars: []unpack.Jar{
			{Path: "jars/a.jar", Size: 21, SHA256: hash("content of jars/a.jar"), Layer: one},
			{Path: "jars/l.jar", Size: 6, SHA256: hash("behind"), Layer: two},
			{Path: "jars/m.jar", Layer: two},
			{Path: "jars/x.jar", Size: 7, SHA256: hash("new one"), Layer: two},
		},
		Problems: []unpack.Problem{
			{Code: unpack.Link, Layer: two, Entry: "jars/l.jar", Detail: `The symbolic link to "../opt/o.jar" may lead nowhere in the job.`},
			{Code: unpack.Link, Layer: two, Entry: "jars/m.jar", Detail: `The symbolic link to "gone" may lead nowhere in the job.`},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestReplayLogs(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		layers [][]byte
		want   string
	}{
		"denied":    {layers{layer(dir("jars/", 0o555), a), layer(b)}, "tar: jars/b.jar: Cannot open: Permission denied"},
		"dot dot":   {layers{layer(a, jar("jars/../../x.jar"))}, "tar: jars/../../x.jar: Member name contains '..'"},
		"no tar":    {layers{layer(a), zipped([]byte("hello"))}, "tar: This does not look like a tar archive"},
		"cut":       {layers{zipped(two[:2048])}, "tar: Unexpected EOF in archive"},
		"directory": {layers{layer(jar("jars/x.jar/a.jar")), layer(jar("jars/x.jar"))}, "tar: jars/x.jar: Cannot open: File exists"},
		"no jars":   {layers{layer(other)}, "found no connector jars from <CONNECTOR_URL> provided by <connection>, please contact AWS support of the Connector product owner to debug the issue."},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			problems := replay(t, c.layers...).Problems
			if len(problems) != 1 || problems[0].Log != c.want {
				t.Errorf("got %+v, want the log %q", problems, c.want)
			}
		})
	}
}

func TestNoJarsNamesOthers(t *testing.T) {
	t.Parallel()
	problems := replay(t, layer(jar("opt/jars/a.jar"))).Problems
	if len(problems) != 1 || problems[0].Entry != "opt/jars/a.jar" {
		t.Errorf("got %+v", problems)
	}
}
