package action

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/marketplace"
	"glue-connector/internal/report"
)

// newTexts are those that an update is to bring. Empty ones stay as they are.
type newTexts struct {
	notes, description, template string
	relink                       bool
}

// needsLink tells that the link of this connector goes into them.
func (t newTexts) needsLink() bool { return t.relink || strings.Contains(t.template, "{link}") }

// updateListing changes texts of a version that is there.
func (r *run) updateListing(ctx context.Context) {
	t := newTexts{notes: r.textOf("release-notes", r.in.Listing.Notes), description: r.in.Managing.Description, template: r.textOf("usage-instructions", r.in.Listing.Instructions), relink: r.in.Managing.Relink}
	if t == (newTexts{}) && len(r.problems) == 0 {
		r.problems = append(r.problems, Problem{"relink", "nothing is named that is to be changed", "Give relink, usage-instructions, delivery-description or release-notes."})
	}
	if t.relink && t.template != "" {
		r.problems = append(r.problems, Problem{"relink", "it keeps the text around the link, and usage-instructions is a new one", "Leave one of the two out; {link} in usage-instructions is the link."})
	}
	title := r.in.Listing.Title
	if needsLink := t.needsLink(); needsLink || title == "" {
		r.loadConfig()
		if needsLink {
			r.settleLink()
		}
	}
	if title == "" {
		if title = r.connector.Config.Text(connector.KeyVersion); title == "" && len(r.problems) == 0 {
			r.problems = append(r.problems, Problem{"version-title", "no version is named", "Give version-title, or a config-path whose version is the title."})
		}
	}
	p := r.readProduct(ctx)
	if p == nil {
		return
	}
	v := r.version(p, title)
	if v == nil {
		return
	}
	u := r.wanted(p, v, t)
	if r.stopped() != "" {
		r.skip(marketStep, r.stopped())
		return
	}
	if u.Notes == "" && len(u.Options) == 0 {
		r.report.Result = "unchanged"
		r.done(marketStep, "nothing to do: version %s of %s has these texts", v.Title, p.ID)
		return
	}
	if len(u.Options) == 0 { // one has to tell which version it is
		live := slices.IndexFunc(v.Options, func(o connector.DeliveryOption) bool { return o.Visibility != "Restricted" })
		u.Options = []marketplace.OptionUpdate{{ID: v.Options[live].ID}}
	}
	r.change(ctx, marketplace.UpdateVersion(u), "updated", fmt.Sprintf("version %s of %s has the new texts", v.Title, p.ID))
}

// wanted compares a version with the new texts, shows how they differ, and judges
// those that are new.
func (r *run) wanted(p *connector.Product, v *connector.ProductVersion, t newTexts) marketplace.Update {
	if p.Visibility != "Limited" && p.Visibility != "Public" {
		r.refuse("listing-product", fmt.Sprintf("the product %+q is %+q (AWS: INCOMPATIBLE_PRODUCT_STATUS, \"Use an existing limited or public product.\")", p.ID, p.Visibility), "Release the product first: glue-connector product release.")
	}
	u := marketplace.Update{Product: p.ID, Title: v.Title}
	// What stays was taken by AWS, and is nobody's to judge here.
	judged := &connector.Listing{Product: p.ID, Title: "1", Notes: "-"}
	if t.notes != "" && !connector.SameText(v.Notes, t.notes) {
		r.showChange("release notes", v.Notes, t.notes)
		u.Notes, judged.Notes = t.notes, t.notes
	}
	live := 0
	for _, o := range r.chosen(v) {
		if o.Visibility == "Restricted" {
			continue
		}
		live++
		change := r.wantedOption(v, o, t)
		if change == (marketplace.OptionUpdate{ID: o.ID}) {
			continue
		}
		u.Options = append(u.Options, change)
		option := connector.DeliveryOption{Title: o.Title, Description: "-", Instructions: "-", Services: []string{"ECS"}}
		if change.Description != "" {
			option.Description = change.Description
		}
		if change.Instructions != "" {
			option.Instructions = change.Instructions
			r.judgeNewLinks(v.Title, o, change.Instructions)
		}
		judged.Options = append(judged.Options, option)
	}
	if live > 1 && t.needsLink() {
		r.problems = append(r.problems, Problem{"delivery-option-title", fmt.Sprintf("version %+q has %d delivery options, and each may have a connector's name and version of its own", v.Title, live), "Name one, and give the others their links in turn."})
	}
	if live == 0 && len(r.problems) == 0 {
		r.refuse("listing-options", fmt.Sprintf("the delivery options of version %+q are restricted (AWS: INVALID_DELIVERY_OPTIONS_STATUS)", v.Title), "Publish another version: what is restricted stays as it is.")
	}
	r.judge(&check.Subject{Connector: &connector.Connector{}, Listing: judged, Draft: true})
	return u
}

// wantedOption is what is to be changed of a delivery option.
func (r *run) wantedOption(v *connector.ProductVersion, o connector.DeliveryOption, t newTexts) marketplace.OptionUpdate {
	change := marketplace.OptionUpdate{ID: o.ID}
	where := "of " + o.Title
	if t.description != "" && !connector.SameText(o.Description, t.description) {
		change.Description = t.description
		r.showChange("description "+where, o.Description, t.description)
	}
	if text := r.newInstructions(v, o, t); text != "" && !connector.SameText(o.Instructions, text) {
		change.Instructions = text
		r.showChange("usage instructions "+where, o.Instructions, text)
		r.showLinkChange(o.Instructions, text)
	}
	return change
}

// newInstructions are the usage instructions that a delivery option is to have, ""
// if they stay.
func (r *run) newInstructions(v *connector.ProductVersion, o connector.DeliveryOption, t newTexts) string {
	image := ""
	if len(o.Images) > 0 {
		image = o.Images[0]
	}
	link := ""
	if r.connector.Link != nil {
		l := *r.connector.Link
		if l.URL == "" && image != "" {
			l.URL = "https://" + image
		}
		link = l.String()
	}
	if t.relink {
		text, any := connector.ReplaceLinks(o.Instructions, link)
		if !any {
			return connector.UsageInstructions(link)
		}
		return text
	}
	version := r.connector.Config.Text(connector.KeyVersion)
	if version == "" {
		version = v.Title
	}
	return connector.FillInstructions(strings.TrimSpace(t.template), link, image, version)
}

func (r *run) judgeNewLinks(version string, o connector.DeliveryOption, text string) {
	o.Instructions = text
	links, whole := judgeInstructions(placeOf(version, o.Title), o)
	for _, l := range links {
		r.tellFindings(l.Findings)
	}
	r.tellFindings(whole)
}

// showChange prints a text as it is, and as it is to be: the lines that differ.
func (r *run) showChange(what, before, after string) {
	r.show("  %s", what)
	lines := func(text string) []string {
		return strings.Split(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")), "\n")
	}
	a, b := lines(before), lines(after)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	for _, line := range a {
		r.show("  - %s", line)
	}
	for _, line := range b {
		r.show("  + %s", line)
	}
}

// showLinkChange prints what subscribers will find changed in Glue Studio's form: in
// the link itself nobody can see it.
func (r *run) showLinkChange(before, after string) {
	old, now := formOf(before), formOf(after)
	fields := []string{}
	for _, l := range append(append([]report.FormLine{}, old...), now...) {
		if !slices.Contains(fields, l.Field) {
			fields = append(fields, l.Field)
		}
	}
	for _, field := range fields {
		if was, is := valueOf(old, field), valueOf(now, field); was != is {
			r.show("    %s: %s → %s", field, fmt.Sprintf("%q", was), fmt.Sprintf("%q", is))
		}
	}
}

// formOf is what the first link in a text shows, nothing if there is none.
func formOf(text string) []report.FormLine {
	for _, url := range connector.FindLinks(text) {
		if l, err := connector.ParseLink(url); err == nil {
			return report.NewLink(l).Form
		}
	}
	return nil
}

func valueOf(form []report.FormLine, field string) string {
	for _, l := range form {
		if l.Field == field {
			return l.Value
		}
	}
	return ""
}
