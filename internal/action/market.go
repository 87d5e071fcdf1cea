package action

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/marketplace"
	"glue-connector/internal/registry"
	"glue-connector/internal/report"
	"glue-connector/internal/unpack"
)

// other is a delivery option whose image was pushed by another run.
type other struct {
	title  string
	ref    connector.Reference
	link   *connector.Link
	digest string
}

// What to do if the time is over before the change set has ended.
const (
	timeoutFails    = "fail"
	timeoutSucceeds = "succeed"
)

// judgeOthers applies the rules about links to those of the other images.
func (r *run) judgeOthers() {
	for _, o := range r.others {
		found := check.Run(&check.Subject{Connector: &connector.Connector{Link: o.link, Image: o.ref}, Publish: r.in.Mode == Publish}, r.in.Strict)
		for i := range found {
			found[i].Message = fmt.Sprintf("delivery option %+q: %s", o.title, found[i].Message)
		}
		r.tellFindings(found)
	}
}

// lookUp reads the product before anything is written anywhere, and judges whether
// the version can be added to it; and it looks for the images of other runs.
func (r *run) lookUp(ctx context.Context) {
	if r.stopped() != "" {
		return
	}
	cfg, err := r.config(ctx)
	if err != nil {
		r.failConfig("product", err)
		return
	}
	r.market = marketplace.New(cfg)
	p, err := r.market.Product(ctx, r.listing.Product)
	if err == nil && p.Absent == "" {
		p.Busy, err = r.market.Busy(ctx, r.listing)
	}
	if err != nil {
		r.fail("product", err)
		return
	}
	before := r.report.Errors()
	r.judge(&check.Subject{Market: &check.Market{Listing: r.listing, Product: p}})
	if r.report.Errors() > before {
		return
	}
	r.done("product", "%s, %s, %s", strings.TrimSpace(p.ID+" "+p.Title), p.Visibility, report.Plural(len(p.Versions), "version"))
	for i := range r.others {
		if err := r.findOther(ctx, &r.others[i]); err != nil {
			r.fail("images", err)
			return
		}
		r.done("images", "%s is there, for %s: %s", r.others[i].ref, r.others[i].title, r.others[i].digest)
	}
}

// findOther looks for an image as Glue would, without its layers.
func (r *run) findOther(ctx context.Context, o *other) error {
	cfg, err := r.config(ctx)
	if err != nil {
		return err
	}
	repo, err := registry.Open(cfg, o.ref, nil)
	if err != nil {
		return err
	}
	defer repo.Close()
	m, err := repo.Manifest(ctx, o.ref.Tag)
	if err != nil {
		return err
	}
	if m == nil {
		return &missingImage{*o}
	}
	if _, problems := unpack.Manifest(m.Raw); len(problems) > 0 {
		return fmt.Errorf("reading %s, of the delivery option %+q: %s", o.ref, o.title, problems[0].Detail)
	}
	o.digest = m.Digest
	return nil
}

// missingImage is one that another run was to push.
type missingImage struct{ other }

func (e *missingImage) Error() string {
	return fmt.Sprintf("the image %s, of the delivery option %+q, is not in the registry", e.ref, e.title)
}

func (e *missingImage) Hint() string {
	return "Push it before this run, in a job with mode: push; the job that publishes needs that one."
}

func (e *missingImage) FailureKind() string { return "conflict" }

// digests are those of the delivery options' images, in their order.
func (r *run) digests() (all []string) {
	for _, o := range r.listing.Options {
		digest := r.digest
		for _, other := range r.others {
			if other.title == o.Title {
				digest = other.digest
			}
		}
		all = append(all, digest)
	}
	return all
}

// marketStep is the name of the last step of a publication.
const marketStep = "market"

// publish adds the version to the product, or finds it there or on its way.
func (r *run) publish(ctx context.Context) {
	if why := r.stopped(); why != "" {
		r.skip(marketStep, why)
		return
	}
	r.report.Listing = &report.Listing{Product: r.listing.Product, VersionTitle: r.listing.Title, Options: len(r.listing.Options)}
	if r.in.DryRun {
		r.planMarket(ctx)
		return
	}
	result, err := r.market.Publish(ctx, r.listing, r.digests(), marketplace.Options{Wait: r.in.Wait, Observe: r.observeMarket})
	timedOut := r.over() != nil && errors.Is(err, context.DeadlineExceeded)
	switch {
	case err == nil && result.State == marketplace.Done && result.Existed:
		r.report.Result = report.AlreadyPublished
		r.done(marketStep, "already there: version %s of %s", r.listing.Title, r.listing.Product)
	case err == nil && result.State == marketplace.Done:
		if err := r.unmoved(ctx); err != nil {
			r.fail(marketStep, err)
			return
		}
		r.report.Result = report.Published
		r.done(marketStep, "version %s of %s is published", r.listing.Title, r.listing.Product)
	case err == nil:
		r.report.Result = report.Publishing
		r.done(marketStep, "change set %s is %s; it was not waited for, and the same run again finds it", result.ID, result.Status)
	case timedOut && r.in.OnTimeout == timeoutSucceeds && result.State == marketplace.Awaiting:
		r.report.Result, r.enough = report.Publishing, true
		r.done(marketStep, "the time is over, and change set %s is %s still; the same run again finds it", result.ID, result.Status)
	default:
		r.fail(marketStep, err)
	}
}

// unmoved looks at the tag once more: AWS has scanned, and customers get, what it
// named in the meantime. That it cannot be read now says nothing.
func (r *run) unmoved(ctx context.Context) error {
	m, err := manifest(ctx, r.repo, r.connector.Image)
	if err != nil || m.Digest == r.digest {
		return nil
	}
	return fmt.Errorf("version %s is published, but its tag was moved meanwhile: it holds %s, and %s was pushed", r.listing.Title, m.Digest, r.digest)
}

// observeMarket tells where a change set is: what was started at once, since
// nothing can take it back.
func (r *run) observeMarket(p marketplace.Progress) {
	l := r.report.Listing
	begun := p.ID != "" && l.ChangeSet != p.ID
	l.ChangeSet, l.Status = p.ID, p.Status
	switch {
	case begun && p.Attached:
		r.done("changes", "found change set %s, %s", p.ID, p.Status)
	case begun:
		r.done("changes", "started change set %s", p.ID)
	case p.State == marketplace.Blocked:
		r.tellProgress("another change set has the product: waiting for it")
	case p.State == marketplace.Awaiting:
		r.tellProgress("change set " + p.ID + " is " + p.Status)
	}
}

func (r *run) tellProgress(text string) {
	if !r.in.Quiet {
		fmt.Fprint(r.env.Stdout, report.ProgressText(marketStep, text, r.palette))
	}
}

// planMarket does what a publication does before its first write, and shows the
// request that it would send.
func (r *run) planMarket(ctx context.Context) {
	plan, err := r.market.Plan(ctx, r.listing, r.digests())
	r.tellPlan(plan, err, "the version is there already")
}

// tellPlan shows what a dry run would have done.
func (r *run) tellPlan(plan marketplace.Plan, err error, there string) {
	switch {
	case err != nil:
		r.fail(marketStep, err)
	case plan.Existed:
		r.skip(marketStep, "dry run: "+there)
	case plan.Running != "":
		r.skip(marketStep, "dry run: would wait for change set "+plan.Running+", which is running")
	default:
		r.skip(marketStep, "dry run: would start the change set below, in us-east-1")
		for line := range strings.Lines(string(plan.Request)) {
			fmt.Fprintf(r.env.Stdout, "  | %s\n", report.Line(strings.TrimSuffix(line, "\n")))
		}
	}
}

// listingURL is the product's page in the portal.
func (r *run) listingURL() string { return portalURL(r.in.Listing.Product) }

// portalURL is the page of a product, "" for what is no id of one.
func portalURL(id string) string {
	if !productID.MatchString(id) {
		return ""
	}
	return "https://aws.amazon.com/marketplace/management/products/" + id
}
