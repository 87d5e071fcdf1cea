package release

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Git is a checkout, and the remote that its releases go to.
type Git struct{ Dir, Remote string }

// run runs git and returns what it prints.
func (g Git) run(ctx context.Context, env []string, stdin string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(ctx, "git", args...)
	c.Dir, c.Env, c.Stdin, c.Stdout, c.Stderr = g.Dir, append(os.Environ(), env...), strings.NewReader(stdin), &stdout, &stderr
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("git %s: %w\n%s", args[0], err, stderr.String())
	}
	return strings.TrimSpace(stdout.String()), nil
}

// Head is the commit of the checkout, and its time.
func (g Git) Head(ctx context.Context) (commit string, at time.Time, err error) {
	out, err := g.run(ctx, nil, "", "log", "-1", "--format=%H %ct")
	if err != nil {
		return "", time.Time{}, err
	}
	commit, seconds, _ := strings.Cut(out, " ")
	n, err := strconv.ParseInt(seconds, 10, 64)
	return commit, time.Unix(n, 0).UTC(), err
}

// tags are the remote's, with the commits that they name.
func (g Git) tags(ctx context.Context) (map[string]string, error) {
	out, err := g.run(ctx, nil, "", "ls-remote", "--refs", g.Remote, "refs/tags/*")
	if err != nil {
		return nil, err
	}
	tags := map[string]string{}
	for line := range strings.Lines(out) {
		if commit, ref, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			tags[strings.TrimPrefix(ref, "refs/tags/")] = commit
		}
	}
	return tags, nil
}

// Free tells by an error that a version is taken: its tag exists, and is not the
// release of this very commit, which a run that is repeated may find.
func (g Git) Free(ctx context.Context, v Version) error {
	tags, err := g.tags(ctx)
	if err != nil || tags[string(v)] == "" {
		return err
	}
	head, _, err := g.Head(ctx)
	if err != nil {
		return err
	}
	if _, err := g.run(ctx, nil, "", "fetch", "--quiet", "--no-tags", g.Remote, "refs/tags/"+string(v)); err != nil {
		return err
	}
	of, err := g.run(ctx, nil, "", "rev-parse", "FETCH_HEAD^1")
	if err != nil || of != head {
		return fmt.Errorf("releasing %s: the tag exists already, for another commit", v)
	}
	return nil
}

// Tag makes the release's commit, which is that of the checkout with the image in
// action.yml, gives it the version's tag, and moves the major version's tag to it
// unless a newer version has it. Both tags are pushed or none. The branch and the
// checkout stay as they are, and the same release is the same commit.
func (g Git) Tag(ctx context.Context, v Version, image string) (commit string, err error) {
	if err := g.Free(ctx, v); err != nil {
		return "", err
	}
	tags, err := g.tags(ctx)
	if err != nil {
		return "", err
	}
	if commit, err = g.commit(ctx, v, image); err != nil {
		return "", err
	}
	if there := tags[string(v)]; there != "" && there != commit {
		return "", fmt.Errorf("releasing %s: the tag exists already, with another image", v)
	}
	names := make([]string, 0, len(tags))
	for t := range tags {
		names = append(names, t)
	}
	push := []string{"push", "--quiet", "--atomic"}
	refs := []string{g.Remote, commit + ":refs/tags/" + string(v)}
	if v.Leads(names) {
		push = append(push, "--force-with-lease=refs/tags/"+v.Major()+":"+tags[v.Major()])
		refs = append(refs, commit+":refs/tags/"+v.Major())
	}
	_, err = g.run(ctx, nil, "", append(push, refs...)...)
	return commit, err
}

// commit makes the commit in the object store, past the index and the files.
func (g Git) commit(ctx context.Context, v Version, image string) (string, error) {
	head, at, err := g.Head(ctx)
	if err != nil {
		return "", err
	}
	// Not run's trimmed text: the file ends in a newline.
	action, err := g.run(ctx, nil, "", "show", head+":action.yml")
	if err != nil {
		return "", err
	}
	pinned, err := PinAction(action+"\n", image)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "release")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	index := []string{"GIT_INDEX_FILE=" + filepath.Join(dir, "index")}
	blob, err := g.run(ctx, nil, pinned, "hash-object", "-w", "--stdin")
	if err != nil {
		return "", err
	}
	if _, err := g.run(ctx, index, "", "read-tree", head); err != nil {
		return "", err
	}
	if _, err := g.run(ctx, index, "", "update-index", "--cacheinfo", "100644,"+blob+",action.yml"); err != nil {
		return "", err
	}
	tree, err := g.run(ctx, index, "", "write-tree")
	if err != nil {
		return "", err
	}
	date := fmt.Sprintf("%d +0000", at.Unix())
	const bot, mail = "github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com" // GitHub shows it with this address
	who := []string{"GIT_AUTHOR_NAME=" + bot, "GIT_AUTHOR_EMAIL=" + mail, "GIT_AUTHOR_DATE=" + date, "GIT_COMMITTER_NAME=" + bot, "GIT_COMMITTER_EMAIL=" + mail, "GIT_COMMITTER_DATE=" + date}
	return g.run(ctx, who, "Release "+string(v)+"\n\nThe image is "+image+".\n", "commit-tree", tree, "-p", head)
}
