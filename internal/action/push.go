package action

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/registry"
	"glue-connector/internal/report"
	"glue-connector/internal/unpack"
)

// openEarly begins to log in before the jars are looked into, where nothing is left
// to find out: all that it does is to read, and what fails is met again by open.
func (r *run) openEarly(ctx context.Context) {
	ref := r.in.Repository
	if r.stopped() != "" || ref.Account == "" || ref.Region == "" || ref.Repository == "" || r.in.Role.ARN != "" || len(r.in.Allowed) > 0 {
		return
	}
	if cfg, err := r.config(ctx); err == nil {
		_ = r.openAt(ctx, cfg, ref)
	}
}

// open begins to log in to the repository's registry, while the image is made.
func (r *run) open(ctx context.Context) {
	if r.stopped() != "" {
		return
	}
	cfg, err := r.config(ctx)
	if err == nil && r.repo == nil {
		err = r.openAt(ctx, cfg, r.connector.Image)
	}
	if err != nil {
		r.failConfig("registry", err)
		return
	}
	if len(r.places) > 0 {
		r.places[0].repo = r.repo
	}
	if r.in.Mode.pushes() {
		r.ask(ctx)
	}
}

// ask begins to look for the tags in the registry.
func (r *run) ask(ctx context.Context) {
	asking, stop := context.WithCancel(ctx)
	wait, cool := r.repo.Ask(asking, r.tags()), r.cool
	r.cool = func() {
		stop()
		wait()
		cool()
	}
}

func (r *run) openAt(ctx context.Context, cfg aws.Config, ref connector.Reference) (err error) {
	if r.repo, err = registry.Open(cfg, ref, nil); err != nil {
		return err
	}
	warm, stop := context.WithCancel(ctx)
	wait := r.repo.Warm(warm)
	r.cool = func() {
		stop()
		wait()
		r.repo.Close()
	}
	return nil
}

// push brings the image to a place, or finds it there.
func (r *run) push(ctx context.Context, p *place, tags []string) {
	if r.in.DryRun {
		r.dryPush(ctx, p, tags)
		return
	}
	if r.in.Create && !r.create(ctx, p) {
		return
	}
	stop := r.showProgress(p)
	pushed, err := p.repo.Push(ctx, r.image, tags, r.in.OnExistingTag)
	stop()
	if p == r.places[0] {
		r.report.Image.Uploaded = pushed.Uploaded
	}
	if err != nil {
		r.failAt(p, "push", err)
		return
	}
	p.public = true
	if pushed.Existed {
		p.result = report.AlreadyPublished
		r.done("push", "already there: %s", p.ref)
		r.quickVerify(p, pushed)
		return
	}
	p.result = report.Pushed
	of := ""
	if pushed.Uploaded < pushed.Size { // with the image's config, which no job downloads, it may be more
		of = " of " + report.Bytes(pushed.Size)
	}
	r.done("push", "%s, %s uploaded%s", p.ref, report.Bytes(pushed.Uploaded), of)
	r.quickVerify(p, pushed)
}

// create makes the repository of a place, if it is missing.
func (r *run) create(ctx context.Context, p *place) bool {
	created, err := p.repo.Create(ctx)
	if err != nil {
		r.failAt(p, "push", err)
	}
	if created {
		r.done("create", "%s", p.ref.Name())
	}
	return err == nil
}

// dryPush does what a push does before its first write.
func (r *run) dryPush(ctx context.Context, p *place, tags []string) {
	missing, err := p.repo.Plan(ctx, r.digest, tags, r.in.OnExistingTag, r.in.Create)
	if err != nil {
		r.failAt(p, "push", err)
		return
	}
	p.result = report.DryRun
	if len(missing) == 0 {
		r.skip("push", r.at(p)+"dry run: everything is there already")
		return
	}
	r.skip("push", fmt.Sprintf("%sdry run: would push %s under %d of %s", r.at(p), r.digest, len(missing), report.Plural(len(tags), "tag")))
}

// quickVerify looks at the pushed tag as Glue would, without downloading the
// layers: they are known, so that they are there is enough.
func (r *run) quickVerify(p *place, pushed registry.Pushed) {
	if !p.public {
		return
	}
	if err := r.readAsGlue(pushed); err != nil {
		r.failAt(p, "verify", err)
		return
	}
	r.done("verify", "%sGlue's unpacker can read the tag: %s, all of them there", r.at(p), report.Plural(r.report.Image.Layers, "layer"))
}

func (r *run) readAsGlue(pushed registry.Pushed) error {
	layers, problems := unpack.Manifest(pushed.Stored.Raw)
	for _, p := range problems {
		return errors.New(p.Detail)
	}
	blobs := map[string]int64{}
	for _, l := range layers {
		blobs[l.Digest] = l.Size
	}
	return registry.Lacking(blobs, pushed.Available)
}

func manifest(ctx context.Context, repo *registry.Repository, ref connector.Reference) (*registry.Manifest, error) {
	m, err := repo.Manifest(ctx, ref.Tag)
	if err == nil && m == nil {
		err = fmt.Errorf("%s has no tag %s", ref.Name(), ref.Tag)
	}
	return m, err
}

// verify replays Glue's unpacker on the whole image in the registry.
func (r *run) verify(ctx context.Context) {
	if why := r.stopped(); why != "" {
		r.skip("verify", why)
		return
	}
	ref := r.connector.Image
	m, err := manifest(ctx, r.repo, ref)
	if err != nil {
		r.fail("verify", err)
		return
	}
	result, err := unpack.Replay(ctx, m.Raw, func(ctx context.Context, digest string) (io.ReadCloser, error) {
		return r.repo.Blob(ctx, digest)
	}, unpack.DefaultLimits)
	if err != nil {
		r.fail("verify", &during{doing: "reading " + ref.String(), error: err})
		return
	}
	result.Problems = slices.Concat(unpack.CheckURL(ref.ConnectorURL()), result.Problems)
	r.digest = m.Digest
	r.report.Image = &report.Image{
		Reference: ref.String(), ByDigest: ref.Name() + "@" + m.Digest, Digest: m.Digest,
		Size: int64(len(m.Raw)), Layers: len(result.Layers),
	}
	for _, l := range result.Layers {
		r.report.Image.Size += l.Size
	}
	r.report.Unpacked = &report.Unpacked{Jars: []report.Jar{}}
	var size int64
	for _, j := range result.Jars {
		r.report.Unpacked.Jars = append(r.report.Unpacked.Jars, report.Jar{Name: j.Path, Size: j.Size, SHA256: j.SHA256})
		size += j.Size
	}
	r.judge(&check.Subject{Unpacked: result})
	for _, j := range result.Jars {
		r.done("jar", "%s, %s, sha256 %s", j.Path, report.Bytes(j.Size), j.SHA256)
	}
	r.done("verify", "a Glue job gets %s, %s, from %s", report.Plural(len(result.Jars), "jar"), report.Bytes(size), r.report.Image.ByDigest)
}
