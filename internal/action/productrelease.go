package action

import (
	"context"
	"fmt"

	"glue-connector/internal/connector"
	"glue-connector/internal/marketplace"
)

// releaseProduct makes a draft Limited, or asks AWS to make a product Public.
func (r *run) releaseProduct(ctx context.Context) {
	p := r.readProduct(ctx)
	if p == nil {
		return
	}
	target, task := "Limited", marketplace.Release(p.ID)
	if r.in.Managing.To == toPublic {
		target, task = "Public", marketplace.Show(p.ID, "Public")
		r.in.Wait = false // people look at it, for up to 37 days
	} else if p.Visibility == "Restricted" {
		task = marketplace.Show(p.ID, "Limited")
		r.in.Wait = false
	}
	if p.Visibility == target {
		r.report.Result = "unchanged"
		r.done(marketStep, "nothing to do: product %s is %s", p.ID, p.Visibility)
		return
	}
	r.judgeRelease(p, target)
	if r.stopped() != "" || !r.confirmed(p.Title, fmt.Sprintf("%+q would be %s instead of %s", p.Title, target, p.Visibility)) {
		r.skip(marketStep, r.stopped())
		return
	}
	r.change(ctx, task, "released", fmt.Sprintf("product %s is %s", p.ID, target))
	if target == "Public" && r.stopped() == "" {
		r.tellAccountManager(p)
	}
}

// judgeRelease finds what AWS would refuse, or its people would.
func (r *run) judgeRelease(p *connector.Product, target string) {
	switch {
	case target == "Limited" && p.Visibility == "Public":
		r.refuse("listing-product", fmt.Sprintf("the product %+q is Public already", p.ID), "This command does not take a product from buyers; the portal does.")
	case target == "Public" && p.Visibility == "Draft":
		r.refuse("listing-product", fmt.Sprintf("the product %+q is a draft (AWS: INVALID_PRODUCT_STATE, \"Use an existing Public, Limited, or Restricted product.\")", p.ID), "Release it --to limited first, and publish a version.")
	case target == "Public":
		r.judgeVersions(p)
	}
}

// judgeVersions holds the versions that everybody is to see to the rules about links.
func (r *run) judgeVersions(p *connector.Product) {
	live := 0
	for _, v := range p.Versions {
		for _, o := range v.Options {
			if o.Visibility == "Restricted" {
				continue
			}
			live++
			links, whole := judgeInstructions(placeOf(v.Title, o.Title), o)
			for _, l := range links {
				r.tellFindings(l.Findings)
			}
			r.tellFindings(whole)
		}
	}
	if live == 0 {
		r.refuse("listing-product", fmt.Sprintf("the product %+q has no version that buyers could get", p.ID), "Publish one: mode publish.")
	}
}

// tellAccountManager says what the guide's step 7 has people tell AWS.
func (r *run) tellAccountManager(p *connector.Product) {
	if !r.in.DryRun {
		r.show("\nAWS looks at the product before everybody sees it, for up to 37 days; the same command again says how far it is.")
	}
	r.show("What to tell your account manager at AWS, and glue-connectors@amazon.com:")
	r.show("  We ask to make our AWS Glue connector public.")
	r.show("  product     %s (%s), %s", p.Title, p.ID, portalURL(p.ID))
	for _, v := range p.Versions {
		for _, o := range v.Options {
			if o.Visibility == "Restricted" {
				continue
			}
			for _, image := range o.Images {
				r.show("  version     %s, %s: %s", v.Title, o.Title, image)
			}
		}
	}
	r.show("  attached    the reports of the guide's tests: step 5, local, and step 6, in Glue")
	if n := r.report.Warnings(); n > 0 {
		r.show("  They may ask about the %s above.", fmt.Sprintf("%d warnings", n))
	}
}
