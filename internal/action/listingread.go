package action

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/marketplace"
	"glue-connector/internal/report"
)

// refuse reports what AWS would refuse, in the words of the rules about listings.
func (r *run) refuse(rule, message, advice string) {
	r.tellFindings([]check.Finding{{Rule: rule, Severity: check.Error, Message: message, Advice: advice}})
}

// connect gets to AWS Marketplace, unless the run has stopped.
func (r *run) connect(ctx context.Context) bool {
	if r.stopped() != "" {
		return false
	}
	cfg, err := r.config(ctx)
	if err != nil {
		r.failConfig("product", err)
		return false
	}
	r.market = marketplace.New(cfg)
	return true
}

// readProduct reads the product that a command is about; nil if there is none, or if
// it is none of ours.
func (r *run) readProduct(ctx context.Context) *connector.Product {
	if !r.connect(ctx) {
		return nil
	}
	id := r.in.Listing.Product
	p, err := r.market.Product(ctx, id)
	switch {
	case err != nil:
		r.fail("product", err)
		return nil
	case p.Absent != "":
		r.refuse("listing-product", fmt.Sprintf("AWS Marketplace shows no product %+q (AWS: %+q)", id, p.Absent), "Check product-id, and that the credentials are those of the seller's account.")
		return nil
	case p.Type != connector.ContainerProduct:
		r.refuse("listing-product", fmt.Sprintf("%+q is a %+q, and connectors are container products", id, p.Type), "Check product-id.")
		return nil
	}
	r.report.Listing = &report.Listing{Product: id}
	r.done("product", "%s, %s, %s", strings.TrimSpace(p.ID+" "+p.Title), p.Visibility, report.Plural(len(p.Versions), "version"))
	return p
}

// version finds the version that a command is about, nil if there is none.
func (r *run) version(p *connector.Product, title string) *connector.ProductVersion {
	if v := p.Version(title); v != nil {
		r.report.Listing.VersionTitle, r.report.Listing.Options = v.Title, len(v.Options)
		return v
	}
	titles := []string{}
	for _, v := range p.Versions {
		titles = append(titles, fmt.Sprintf("%+q", v.Title))
	}
	advice := "The product has no version yet: publish one."
	if len(titles) > 0 {
		advice = "Its versions are " + report.Cut(strings.Join(titles, ", "), 300) + "."
	}
	r.problems = append(r.problems, Problem{"version-title", fmt.Sprintf("the product has no version %+q", title), advice})
	return nil
}

// chosen are the delivery options of a version that a command is about.
func (r *run) chosen(v *connector.ProductVersion) []connector.DeliveryOption {
	title := r.in.Managing.Option
	if title == "" {
		return v.Options
	}
	i := slices.IndexFunc(v.Options, func(o connector.DeliveryOption) bool { return o.Title == title })
	if i < 0 {
		titles := []string{}
		for _, o := range v.Options {
			titles = append(titles, fmt.Sprintf("%+q", o.Title))
		}
		r.problems = append(r.problems, Problem{"delivery-option-title", fmt.Sprintf("version %+q has no delivery option %+q", v.Title, title), "It has " + report.Cut(strings.Join(titles, ", "), 300) + "."})
		return nil
	}
	return v.Options[i : i+1]
}

// judgedLink is an activation link in usage instructions, with what is wrong with it.
type judgedLink struct {
	URL      string            `json:"url"`
	Form     []report.FormLine `json:"form"`
	Findings []check.Finding   `json:"findings"`
}

// judgeInstructions applies the rules about links to those in usage instructions.
// Of are the findings about the whole.
func judgeInstructions(where string, o connector.DeliveryOption) (links []judgedLink, of []check.Finding) {
	finding := func(rule string, severity check.Severity, message, advice string) check.Finding {
		return check.Finding{Rule: rule, Severity: severity, Message: where + message, Advice: advice}
	}
	for _, url := range connector.FindLinks(o.Instructions) {
		j := judgedLink{URL: url, Form: []report.FormLine{}, Findings: []check.Finding{}}
		l, err := connector.ParseLink(url)
		if err != nil {
			j.Findings = append(j.Findings, finding("link-text", check.Error, "the link cannot be read: "+fmt.Sprintf("%+q", report.Cut(err.Error(), 300)), "Make the link anew: glue-connector listing update --relink."))
			links = append(links, j)
			continue
		}
		j.Form = report.NewLink(l).Form
		for _, f := range check.Run(&check.Subject{Connector: &connector.Connector{Link: l}, Publish: true, Now: time.Now()}, false) {
			f.Message = where + f.Message
			j.Findings = append(j.Findings, f)
		}
		if len(o.Images) > 0 && l.URL != "" && !slices.Contains(o.Images, strings.TrimPrefix(l.URL, "https://")) {
			j.Findings = append(j.Findings, finding("link-url", check.Warning, fmt.Sprintf("the link names the image %+q, and the delivery option has %+q", l.URL, o.Images[0]),
				"Whoever activates the connector gets the image in the link: check which one is meant."))
		}
		links = append(links, j)
	}
	if len(links) == 0 {
		of = append(of, finding("usage-instructions", check.Error, "the usage instructions do not have the activation link", "Put it there: glue-connector listing update --relink."))
	}
	return links, of
}

func placeOf(v, o string) string { return fmt.Sprintf("version %+q, delivery option %+q: ", v, o) }
