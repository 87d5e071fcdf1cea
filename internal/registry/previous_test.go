package registry

import (
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/random"
)

func TestPrevious(t *testing.T) {
	w := newWorld(t)
	r := openWith(t, awsConfig(w), ref, transportOf(t, w))
	push := func(tag string) string {
		t.Helper()
		img, err := random.Image(100, 1)
		if err != nil {
			t.Fatal(err)
		}
		p, err := r.Push(t.Context(), img, []string{tag}, SkipIdentical)
		if err != nil {
			t.Fatal(err)
		}
		return p.Digest
	}
	previous := func(digest string) string {
		t.Helper()
		p, err := r.Previous(t.Context(), digest)
		if err != nil {
			t.Fatal(err)
		}
		if p == nil {
			return ""
		}
		if p.Size == 0 || p.Pushed.IsZero() {
			t.Errorf("incomplete: %+v", p)
		}
		return p.Tag + " " + p.Digest
	}
	if got := previous("sha256:new"); got != "" {
		t.Errorf("in an empty repository: %s", got)
	}
	first := push("1.0.0")
	if got := previous(first); got != "" {
		t.Errorf("before the only image: %s", got)
	}
	second := push("1.1.0")
	if got := previous(second); got != "1.0.0 "+first {
		t.Errorf("before the second: %s", got)
	}
	w.Deny("ecr:DescribeImages")
	if got := previous(second); got != "" {
		t.Errorf("without the permission: %s", got)
	}
	missing := ref
	missing.Repository = "my-company/none"
	if p, err := openWith(t, awsConfig(w), missing, transportOf(t, w)).Previous(t.Context(), first); p != nil || err != nil {
		t.Errorf("in no repository: %+v, %v", p, err)
	}
}
