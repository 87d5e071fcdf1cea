package workspace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree makes files below a new folder; "-> target" makes a symbolic link.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, ok := strings.CutPrefix(content, "-> "); ok {
			err = os.Symlink(target, full)
		} else {
			err = os.WriteFile(full, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func names(found []Found) []string {
	out := []string{}
	for _, f := range found {
		out = append(out, f.Display)
	}
	return out
}

func TestFind(t *testing.T) {
	dir := tree(t, map[string]string{
		"lib/a.jar": "", "lib/b.JAR": "", "lib/notes.txt": "", "lib/deep/c.jar": "", "lib/deep/er/d.jar": "",
		"lib/a-sources.jar": "", ".git/e.jar": "", "lib/.cache/f.jar": "", "odd[1].jar": "", "target/x,y.jar": "",
		"link": "-> lib", "lib/l.jar": "-> ../.git/e.jar",
	})
	tests := map[string]struct {
		patterns []string
		want     []string
		err      string
	}{
		"file":              {[]string{"lib/a.jar"}, []string{"lib/a.jar"}, ""},
		"folder":            {[]string{"lib"}, []string{"lib/a-sources.jar", "lib/a.jar", "lib/b.JAR", "lib/l.jar"}, ""},
		"folder, slash":     {[]string{"lib/"}, []string{"lib/a-sources.jar", "lib/a.jar", "lib/b.JAR", "lib/l.jar"}, ""},
		"glob":              {[]string{"lib/?.jar"}, []string{"lib/a.jar", "lib/l.jar"}, ""},
		"any folder":        {[]string{"**/*.jar", "!**/l.jar"}, []string{"lib/a-sources.jar", "lib/a.jar", "lib/deep/c.jar", "lib/deep/er/d.jar", "odd[1].jar", "target/x,y.jar"}, ""},
		"braces":            {[]string{"lib/{a,c}*.jar"}, []string{"lib/a-sources.jar", "lib/a.jar"}, ""},
		"exclude":           {[]string{"lib/*.jar", "!lib/*-sources.jar", "! lib/l.jar"}, []string{"lib/a.jar"}, ""},
		"exclude a folder":  {[]string{"lib/**/*.jar", "!lib/deep", "!**/l.jar"}, []string{"lib/a-sources.jar", "lib/a.jar"}, ""},
		"twice":             {[]string{"lib/a.jar", "./lib/../lib/a.jar", "lib/a*.jar"}, []string{"lib/a-sources.jar", "lib/a.jar"}, ""},
		"literal brackets":  {[]string{"odd[1].jar"}, []string{"odd[1].jar"}, ""},
		"absolute":          {[]string{dir + "/lib/a.jar"}, []string{"lib/a.jar"}, ""},
		"dot folder, named": {[]string{".git/*.jar"}, []string{".git/e.jar"}, ""},
		"host path":         {[]string{"/home/runner/work/x/x/lib/a.jar"}, []string{"lib/a.jar"}, ""},
		"nothing":           {[]string{"lib/*.war"}, []string{}, "no file matches"},
		"no base":           {[]string{"nope/*.jar"}, []string{}, "no file matches"},
		"missing":           {[]string{"lib/z.jar"}, []string{}, "no such file"},
		"outside":           {[]string{"../x.jar"}, []string{}, ErrOutside.Error()},
		"outside, absolute": {[]string{"/etc/*"}, []string{}, ErrOutside.Error()},
		"outside, deep":     {[]string{"lib/../../*"}, []string{}, ErrOutside.Error()},
		"linked folder":     {[]string{"link/*.jar"}, []string{}, ErrSymlink.Error()},
		"bad pattern":       {[]string{"lib/[a.jar"}, []string{}, "not a pattern"},
	}
	w := &Workspace{Dir: dir, Root: dir, HostRoot: "/home/runner/work/x/x"}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			found, problems := w.Find(tt.patterns)
			if diff := cmp.Diff(tt.want, names(found)); diff != "" {
				t.Error(diff)
			}
			if tt.err == "" && len(problems) > 0 || tt.err != "" && (len(problems) != 1 || !strings.Contains(problems[0].Err.Error(), tt.err)) {
				t.Errorf("problems %v, want %q", problems, tt.err)
			}
		})
	}
}

func TestFindIsBounded(t *testing.T) {
	dir := t.TempDir()
	for i := range MaxFiles + 5 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.jar", i)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := &Workspace{Dir: dir, Root: dir}
	found, problems := w.Find([]string{"*.jar"})
	if len(found) != MaxFiles || len(problems) != 1 {
		t.Errorf("%d files, problems %v", len(found), problems)
	}
	if _, problems := w.Find(make([]string, MaxPatterns+1)); len(problems) != 1 {
		t.Errorf("problems %v", problems)
	}
}

func TestOpenRefuses(t *testing.T) {
	outside := tree(t, map[string]string{"secret": "token"})
	dir := tree(t, map[string]string{
		"a.jar": "jar", ".git/config": "token", "folder/x": "",
		"out.jar":  "-> " + outside + "/secret",
		"in.jar":   "-> .git/config",
		"env.jar":  "-> /proc/self/environ",
		"loop.jar": "-> loop.jar",
		"gone.jar": "-> nothing",
		"dir":      "-> " + outside,
		"gitdir":   "-> .git",
	})
	fifo(t, filepath.Join(dir, "pipe.jar"))
	tests := map[string]error{
		"out.jar": ErrSymlink, "in.jar": ErrSymlink, "env.jar": ErrSymlink, "loop.jar": ErrSymlink, "gone.jar": ErrSymlink,
		"dir/secret": ErrSymlink, "gitdir/config": ErrSymlink,
		"folder": ErrNotRegular, "pipe.jar": ErrNotRegular,
		"../x": ErrOutside, outside + "/secret": ErrOutside, "missing": os.ErrNotExist,
	}
	w := &Workspace{Dir: dir, Root: dir}
	openers := map[string]func(string) error{
		"Open": func(name string) error { _, _, err := w.Open(name); return err },
		"portably": func(name string) error {
			root, rel, err := w.locate(name)
			if err == nil {
				_, _, err = openPortably(root, rel)
			}
			return err
		},
	}
	for how, open := range openers {
		for name, want := range tests {
			t.Run(how+" "+filepath.Base(name), func(t *testing.T) {
				if runtime.GOOS == "windows" && strings.Contains(name, "pipe") {
					t.Skip("no pipes in folders")
				}
				err := open(name)
				if !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", name, err, want)
				}
				if err != nil && strings.Contains(err.Error(), outside) {
					t.Errorf("the error names what lies outside: %v", err)
				}
			})
		}
		if err := open("a.jar"); err != nil {
			t.Errorf("%s a.jar: %v", how, err)
		}
	}
}

func TestPersonMayNameAnyFile(t *testing.T) {
	outside := tree(t, map[string]string{"a.jar": "x", "l.jar": "-> a.jar"})
	w := &Workspace{Dir: t.TempDir()}
	found, problems := w.Find([]string{outside + "/*.jar", outside + "/a.jar"})
	if len(found) != 2 || len(problems) != 0 {
		t.Fatalf("found %v, problems %v", found, problems)
	}
	if b, err := w.Read(outside+"/a.jar", 10); err != nil || string(b) != "x" {
		t.Errorf("%q, %v", b, err)
	}
	if _, _, err := w.Open(outside + "/l.jar"); !errors.Is(err, ErrSymlink) {
		t.Errorf("link: %v", err)
	}
}

func TestWrite(t *testing.T) {
	outside := tree(t, map[string]string{"kept": "old"})
	dir := tree(t, map[string]string{"report.json": "-> " + outside + "/kept", "dir": "-> " + outside, "old.json": "old"})
	w := &Workspace{Dir: dir, Root: dir}
	for name, want := range map[string]error{
		"report.json": nil, "old.json": nil, "new/deep/r.json": nil,
		"../r.json": ErrOutside, outside + "/r.json": ErrOutside, ".": ErrOutside,
		"dir/r.json": ErrSymlink, "dir/new/r.json": ErrSymlink,
	} {
		if err := w.Write(name, []byte("new")); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
		if want == nil {
			if b, err := w.Read(name, 10); err != nil || string(b) != "new" {
				t.Errorf("%s holds %q, %v", name, b, err)
			}
		}
	}
	if b, _ := os.ReadFile(filepath.Join(outside, "kept")); string(b) != "old" {
		t.Error("a file outside was written to")
	}
	entries, _ := os.ReadDir(outside)
	if len(entries) != 1 {
		t.Errorf("files were made outside: %v", entries)
	}
}
