package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// checkout is a clone of a bare repository, on main, with the real action.yml.
type checkout struct {
	Git
	t *testing.T
}

func newCheckout(t *testing.T) checkout {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	// Of git's settings none but ours: a signing key or a hook would be asked for.
	t.Setenv("GIT_CONFIG_GLOBAL", "/dev/null")
	t.Setenv("GIT_CONFIG_SYSTEM", "/dev/null")
	c := checkout{Git{Dir: filepath.Join(dir, "clone"), Remote: "origin"}, t}
	for _, args := range []string{"init -q --bare -b main " + dir + "/bare.git", "clone -q " + dir + "/bare.git " + c.Dir} {
		if out, err := exec.Command("git", strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
	}
	if err := os.WriteFile(filepath.Join(c.Dir, "action.yml"), unreleased(t), 0o644); err != nil {
		t.Fatal(err)
	}
	c.git("add", "-A")
	c.change()
	return c
}

func (c checkout) git(args ...string) string {
	c.t.Helper()
	out, err := c.run(c.t.Context(), nil, "", args...)
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// change commits to main and pushes it.
func (c checkout) change() {
	c.t.Helper()
	c.git("-c", "user.name=mona", "-c", "user.email=mona@example.com", "commit", "-q", "--allow-empty", "-m", "Change")
	c.git("push", "-q", "origin", "HEAD:main")
}

func (c checkout) release(v Version, image string) string {
	c.t.Helper()
	commit, err := c.Tag(c.t.Context(), v, image)
	if err != nil {
		c.t.Fatal(err)
	}
	return commit
}

// there is what the remote has for a tag, "" for none.
func (c checkout) there(tag string) string {
	c.t.Helper()
	tags, err := c.tags(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return tags[tag]
}

func imageOf(digit string) string { return "ghcr.io/owner/name@sha256:" + strings.Repeat(digit, 64) }

func TestTag(t *testing.T) {
	c := newCheckout(t)
	main := c.git("rev-parse", "HEAD")
	first := c.release("v1.0.0", imageOf("a"))
	if c.there("v1.0.0") != first || c.there("v1") != first {
		t.Errorf("tags %s, %s; want %s", c.there("v1.0.0"), c.there("v1"), first)
	}
	if got := c.git("diff", "--name-only", main, first); got != "action.yml" {
		t.Errorf("the release changes %s", got)
	}
	if got := c.git("show", first+":action.yml"); !strings.HasSuffix(got, "\n  image: docker://"+imageOf("a")) {
		t.Errorf("action.yml ends in %q", got[len(got)-120:])
	}
	if c.git("rev-parse", "HEAD") != main || c.git("status", "--porcelain") != "" || c.git("ls-remote", "origin", "refs/heads/main")[:40] != main {
		t.Error("the checkout or the branch was touched")
	}

	// Again, as when a later step of the workflow failed.
	if again := c.release("v1.0.0", imageOf("a")); again != first {
		t.Errorf("the same release is %s, and then %s", first, again)
	}
	c.refuses("v1.0.0", imageOf("b"), "with another image")

	c.change()
	c.refuses("v1.0.0", imageOf("a"), "for another commit")
	if err := c.Free(t.Context(), "v1.0.0"); err == nil {
		t.Error("a version that is taken is free")
	}
	second := c.release("v1.1.0", imageOf("b"))
	if c.there("v1") != second || c.there("v1.0.0") != first {
		t.Error("v1 did not move, or v1.0.0 did")
	}

	c.change()
	c.release("v1.0.1", imageOf("c"))
	c.change()
	c.release("v1.2.0-rc.1", imageOf("d"))
	if c.there("v1") != second {
		t.Error("v1 went to an older line, or to what is to be tried out")
	}
	c.change()
	if third := c.release("v2.0.0", imageOf("e")); c.there("v2") != third || c.there("v1") != second {
		t.Error("v2 is not the release, or v1 went along")
	}
}

func (c checkout) refuses(v Version, image, want string) {
	c.t.Helper()
	before := c.git("ls-remote", "origin")
	if _, err := c.Tag(c.t.Context(), v, image); err == nil || !strings.Contains(err.Error(), want) {
		c.t.Errorf("%s of %s: %v, want %s", v, image, err, want)
	}
	if after := c.git("ls-remote", "origin"); after != before {
		c.t.Errorf("a refused release pushed:\n%s\n%s", before, after)
	}
}

// The workflow's checkout has one commit.
func TestTagOfShallowCheckout(t *testing.T) {
	c := newCheckout(t)
	c.change()
	shallow := checkout{Git{Dir: filepath.Join(t.TempDir(), "shallow"), Remote: "origin"}, t}
	c.git("clone", "-q", "--depth=1", "file://"+c.git("remote", "get-url", "origin"), shallow.Dir)
	first := shallow.release("v1.0.0", imageOf("a"))
	if shallow.release("v1.0.0", imageOf("a")) != first || c.there("v1") != first {
		t.Error("the same release is two commits, or v1 is not there")
	}
	c.change()
	c.refuses("v1.0.0", imageOf("a"), "for another commit")
	shallow.git("fetch", "-q", "--depth=1", "origin", "main")
	shallow.git("checkout", "-q", "FETCH_HEAD")
	shallow.refuses("v1.0.0", imageOf("a"), "for another commit")
}

// Where the remote refuses one tag, as a rule of the repository may, it gets none.
func TestTagIsAtomic(t *testing.T) {
	c := newCheckout(t)
	bare := c.git("remote", "get-url", "origin")
	hook := "#!/bin/sh\n[ \"$1\" != refs/tags/v1 ]\n"
	if err := os.WriteFile(filepath.Join(bare, "hooks/update"), []byte(hook), 0o755); err != nil {
		t.Fatal(err)
	}
	c.refuses("v1.0.0", imageOf("a"), "git push")
}
