package action

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/image"
	"glue-connector/internal/marketplace"
	"glue-connector/internal/registry"
	"glue-connector/internal/report"
	"glue-connector/internal/trial"
	"glue-connector/internal/workspace"
)

// run is one run of the program. Nothing in it returns early without a report:
// what goes wrong becomes a finding, a problem of an input or a failed step,
// and the steps after it are skipped by their own look at the state.
type run struct {
	env      Env
	in       Settings
	ws       *workspace.Workspace
	problems []Problem
	report   *report.Report
	palette  report.Palette

	connector  *connector.Connector
	files      []io.Closer
	hashed     *image.Hashed
	memory     string // the file of what was hashed before, "" for none
	image      v1.Image
	bom        []byte // the SBOM
	plan       *trial.Plan
	digest     string
	aws        *aws.Config // once it was needed: see config
	repo       *registry.Repository
	places     []*place // of a push, the main one first
	cool       func()   // ends what open began; nil if it did not
	reportPath string
	origin     report.Origin
	commentURL string
	listing    *connector.Listing // the version, nil if there is no product
	others     []other            // its images of other runs
	market     *marketplace.Client
	shown      *shownProduct // what a command is about, for programs
	// public tells that something can be seen by others already.
	public bool
	// over is why nothing may be begun any more, nil while it may.
	over func() error
	// signalled tells that a signal came, after which there is little time.
	signalled func() bool
	cut       bool // something was not begun for that
	// enough tells that the time is over and that this is fine.
	enough bool
}

// execute does one run, from inputs to outputs, and returns the exit code.
func execute(ctx context.Context, env Env, get func(string) string, problems []Problem) int {
	in, more := parse(get, env.Getenv)
	return newRun(env, in, append(problems, more...)).complete(ctx, (*run).steps, (*run).finish)
}

// newRun is one of these settings that has not begun.
func newRun(env Env, in Settings, problems []Problem) *run {
	r := &run{
		env: env, in: in, problems: problems,
		report: &report.Report{Schema: report.Schema, Version: Version(), Mode: string(in.Mode), Findings: []check.Finding{}},
	}
	r.palette = palette(env)
	r.origin = origin(env)
	r.report.Commit, r.report.Started = r.origin.Commit, time.Now().UTC().Truncate(time.Second)
	r.problems = append(r.problems, refuseEvent(env, in)...)
	r.ws, r.problems = openWorkspace(env, in, r.problems)
	return r
}

// complete goes through the steps, and tells what came of them whatever that is.
func (r *run) complete(ctx context.Context, steps func(*run, context.Context), finish func(*run, context.Context) int) int {
	work, done := r.deadline(ctx)
	defer done()
	r.over = func() error { return context.Cause(work) }
	r.signalled = func() bool { return ctx.Err() != nil }
	spare := r.spare()
	if !within(ctx, r.grace(), func() { steps(r, work) }) {
		r = spare // the other one is at work still
		r.cut = true
	}
	defer r.close()
	r.sayCut()
	return finish(r, ctx)
}

// steps is the order of things. A bug is a failed step, too.
func (r *run) steps(ctx context.Context) {
	defer func() {
		if p := recover(); p != nil {
			r.fail("internal", fmt.Errorf("a bug: %v", p))
		}
	}()
	if r.in.Mode == Comment {
		r.relay(ctx)
		return
	}
	if r.in.Mode.pushes() || r.in.Mode == Verify {
		// The system's roots take 10 ms to read, and the first handshake waits for them.
		go x509.SystemCertPool()
	}
	r.load(ctx)
	r.loadPlan()
	r.settle(ctx)
	if (r.in.Mode.pushes() || r.in.Mode == Build) && r.stopped() == "" {
		r.hashed = image.Hash(r.connector, r.remembered()) // while the rules look at the jars
	}
	r.check()
	switch r.in.Mode {
	case Verify:
		r.open(ctx)
		r.verify(ctx)
	case Test:
		r.test(ctx)
	case Push, Publish:
		r.test(ctx)
		r.open(ctx)
		if r.in.Mode == Publish {
			r.lookUp(ctx)
		}
		r.build(ctx)
		r.save()
		r.writeSBOM()
		tell := r.compare(ctx)
		r.pushAll(ctx)
		tell()
	case Build:
		r.build(ctx)
		r.save()
		r.writeSBOM()
	case Check:
		r.writeSBOM()
	}
	r.link()
	if r.in.Mode == Publish {
		r.publish(ctx)
	}
	r.attachSBOM(ctx)
}

// check applies the rules. What the rules say of the image comes later.
func (r *run) check() {
	switch r.in.Mode {
	case Verify:
		return
	case Test: // what else is wrong, the tests will show
		r.judge(&check.Subject{Plan: r.plan})
		return
	}
	s := &check.Subject{
		Connector: r.connector, Listing: r.listing, Plan: r.plan, Glue: r.in.Glue, Now: time.Now(),
		Draft: !r.in.Mode.pushes() || r.stopped() != "", Publish: r.in.Mode == Publish,
	}
	r.judge(s)
	r.judgeOthers()
	r.report.Glue = check.Verdicts(s)
	if len(r.report.Glue) > 0 {
		r.step(report.GlueStep(r.report.Glue))
	}
}

func (r *run) judge(s *check.Subject) {
	r.tellFindings(check.Run(s, r.in.Strict))
}

func (r *run) tellFindings(found []check.Finding) {
	r.report.Findings = append(r.report.Findings, found...)
	fmt.Fprint(r.env.Stdout, report.FindingsText(found, r.palette))
}

func (r *run) close() {
	r.remember()
	r.hashed.Stop()
	if r.cool != nil {
		r.cool()
	}
	for _, f := range r.files {
		f.Close()
	}
}
