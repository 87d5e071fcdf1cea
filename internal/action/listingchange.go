package action

import (
	"context"
	"fmt"
	"strings"

	"glue-connector/internal/connector"
	"glue-connector/internal/marketplace"
	"glue-connector/internal/report"
)

// change makes a change of a product, finds it made or on its way, or shows what it
// would send.
func (r *run) change(ctx context.Context, t marketplace.Task, result report.Result, done string) {
	if r.in.DryRun {
		plan, err := r.market.Preview(ctx, t)
		r.tellPlan(plan, err, "it is so already")
		return
	}
	got, err := r.market.Do(ctx, t, marketplace.Options{Wait: r.in.Wait, Observe: r.observeMarket})
	r.tellChange(got, err, result, done)
}

// tellChange says how far a change set came.
func (r *run) tellChange(got marketplace.Result, err error, result report.Result, done string) {
	switch {
	case err != nil:
		r.fail(marketStep, err)
	case got.State == marketplace.Done && got.Existed:
		r.report.Result = "unchanged"
		r.done(marketStep, "already there: %s", done)
	case got.State == marketplace.Done:
		r.report.Result = result
		r.done(marketStep, "%s", done)
	default:
		r.report.Result = "begun"
		r.done(marketStep, "change set %s is %s; it was not waited for, and the same command again finds it", got.ID, got.Status)
	}
}

// confirmed asks for the title of what cannot be taken back. A dry run needs none.
func (r *run) confirmed(title, what string) bool {
	if r.in.DryRun || r.in.Managing.Confirm == title {
		return true
	}
	message := "it was not confirmed, and nothing was changed"
	if c := r.in.Managing.Confirm; c != "" {
		message = fmt.Sprintf("%+q is not %+q, and nothing was changed", c, title)
	}
	r.problems = append(r.problems, Problem{"confirm", message, fmt.Sprintf("%s. If that is what you want, run again with --confirm %s", what, shellQuote(title))})
	return false
}

// shellQuote is a word for a shell.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// restrictListing takes a version from those who have not subscribed yet.
func (r *run) restrictListing(ctx context.Context) {
	title := r.in.Listing.Title
	if title == "" {
		r.problems = append(r.problems, Problem{"version-title", "no version is named", "Name the version that is to be restricted."})
	}
	p := r.readProduct(ctx)
	if p == nil {
		return
	}
	v := r.version(p, title)
	if v == nil {
		return
	}
	var ids []string
	for _, o := range r.chosen(v) {
		switch o.Visibility {
		case "Restricted":
			continue
		case "Public":
		default:
			r.refuse("listing-options", fmt.Sprintf("the delivery option %+q is %+q (AWS: INVALID_DELIVERY_OPTIONS_STATUS)", o.Title, o.Visibility), "Only what is Public can be restricted.")
		}
		ids = append(ids, o.ID)
		r.show("  delivery option %s, %s", o.Title, strings.Join(o.Images, " "))
	}
	if len(ids) == 0 && len(r.problems) == 0 {
		r.report.Result = "unchanged"
		r.done(marketStep, "nothing to do: version %s of %s is restricted", v.Title, p.ID)
		return
	}
	r.judgeRestriction(p, len(ids))
	if r.stopped() != "" || !r.confirmed(v.Title, fmt.Sprintf("Version %+q of %+q can be got by nobody new from then on, and nothing brings it back; who has it keeps it", v.Title, p.Title)) {
		r.skip(marketStep, r.stopped())
		return
	}
	r.change(ctx, marketplace.Restrict(p.ID, v.Title, ids), "restricted", fmt.Sprintf("version %s of %s is restricted", v.Title, p.ID))
}

func (r *run) judgeRestriction(p *connector.Product, restricted int) {
	public := 0
	for _, v := range p.Versions {
		for _, o := range v.Options {
			if o.Visibility == "Public" {
				public++
			}
		}
	}
	switch {
	case p.Visibility != "Public":
		r.refuse("listing-product", fmt.Sprintf("the product %+q is %+q (AWS: INCOMPATIBLE_PRODUCT_STATUS, \"Use a public product.\")", p.ID, p.Visibility), "Only versions of a Public product can be restricted.")
	case public == restricted:
		r.refuse("listing-options", "no public version would be left (AWS: INVALID_MINIMUM_PUBLIC_DELIVERY_OPTIONS, \"Cannot restrict all delivery option IDs.\")", "Publish another version first.")
	}
}
