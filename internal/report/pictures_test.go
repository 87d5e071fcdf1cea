package report

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// The README's pictures show what people get: they carry the hash of the golden
// report that they were made from.
func TestPictures(t *testing.T) {
	golden, err := os.ReadFile("../../testdata/report/failed.comment.md")
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := filepath.Glob("../../.github/images/failed.comment-*.png")
	if err != nil || len(pictures) != 2 {
		t.Fatalf("%d pictures: %v", len(pictures), err)
	}
	for _, p := range pictures {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b, fmt.Appendf(nil, "sha256:%x", sha256.Sum256(golden))) {
			t.Errorf("%s is of another report; see testdata/render", p)
		}
		if len(b) > 100<<10 {
			t.Errorf("%s has %d bytes, and everybody who reads the README loads it", p, len(b))
		}
	}
}
