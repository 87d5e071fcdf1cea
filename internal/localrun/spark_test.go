package localrun

import (
	"os"
	"path/filepath"
	"testing"
)

// SPARK_HOME is an unpacked Spark, or the package that pip has installed, which
// has a folder python/pyspark, too, without the package in it.
func TestPackages(t *testing.T) {
	for name, tc := range map[string]struct {
		files []string
		want  string
	}{
		"unpacked": {[]string{"home/python/pyspark/__init__.py"}, "home/python"},
		"pip":      {[]string{"home/__init__.py", "home/python/pyspark/shell.py"}, "."},
		"neither":  {nil, "home/python"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, f := range tc.files {
				full := filepath.Join(dir, f)
				if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(full, nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got, want := packages(filepath.Join(dir, "home")), filepath.Join(dir, tc.want); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}
