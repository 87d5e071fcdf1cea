package action

import (
	"context"
	"fmt"
	"io"
	"strings"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/registry"
	"glue-connector/internal/report"
)

// shownProduct is a product for programs: what listing show prints as JSON.
type shownProduct struct {
	ID           string         `json:"id"`
	Title        string         `json:"title"`
	Visibility   string         `json:"visibility"`
	URL          string         `json:"url"`
	Repositories []string       `json:"repositories"`
	Versions     []shownVersion `json:"versions"`
	Errors       int            `json:"errors"`
	Warnings     int            `json:"warnings"`
}

type shownVersion struct {
	ID      string        `json:"id"`
	Title   string        `json:"title"`
	Created string        `json:"created,omitempty"`
	Notes   string        `json:"releaseNotes"`
	Options []shownOption `json:"deliveryOptions"`
}

type shownOption struct {
	ID           string          `json:"id"`
	Title        string          `json:"title"`
	Visibility   string          `json:"visibility"`
	Description  string          `json:"description"`
	Images       []shownImage    `json:"images"`
	Services     []string        `json:"compatibleServices"`
	Resources    []shownResource `json:"deploymentResources"`
	Instructions string          `json:"usageInstructions"`
	Links        []judgedLink    `json:"links"`
	// Findings are those about the option and none of its links.
	Findings []check.Finding `json:"findings"`
}

type shownResource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// shownImage has the digest that the tag names now, if it was asked for.
type shownImage struct {
	Reference string `json:"reference"`
	Digest    string `json:"digest,omitempty"`
}

func (s *shownProduct) write(w io.Writer, r *report.Report) error {
	s.Errors, s.Warnings = r.Errors(), r.Warnings()
	return report.WriteJSON(w, s)
}

// showListing prints what a product has, and judges its links.
func (r *run) showListing(ctx context.Context) {
	p := r.readProduct(ctx)
	if p == nil {
		return
	}
	r.report.Result = "shown"
	s := &shownProduct{ID: p.ID, Title: p.Title, Visibility: p.Visibility, URL: portalURL(p.ID), Repositories: append([]string{}, p.Repositories...), Versions: []shownVersion{}}
	r.shown = s
	for _, repository := range p.Repositories {
		r.show("  repository  %s", repository)
	}
	for _, v := range p.Versions {
		r.show("\nversion %s, %s", v.Title, v.Created)
		r.showText("notes", v.Notes)
		shown := shownVersion{ID: v.ID, Title: v.Title, Created: v.Created, Notes: v.Notes, Options: []shownOption{}}
		for _, o := range v.Options {
			shown.Options = append(shown.Options, r.showOption(ctx, v.Title, o))
		}
		s.Versions = append(s.Versions, shown)
	}
}

// show prints a line of what others wrote, for those who do not want it quiet. It
// never begins with that.
func (r *run) show(format string, args ...any) {
	if r.in.Quiet {
		return
	}
	for i, a := range args {
		args[i] = report.Line(fmt.Sprint(a))
	}
	fmt.Fprintf(r.env.Stdout, format+"\n", args...)
}

func (r *run) showText(name, text string) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		r.show("  %-11s %s", name, strings.TrimRight(line, "\r\n"))
		name = ""
	}
}

func (r *run) showOption(ctx context.Context, version string, o connector.DeliveryOption) shownOption {
	s := shownOption{
		ID: o.ID, Title: o.Title, Visibility: o.Visibility, Description: o.Description, Images: []shownImage{}, Services: append([]string{}, o.Services...),
		Resources: []shownResource{}, Instructions: o.Instructions, Links: []judgedLink{}, Findings: []check.Finding{},
	}
	r.show("  delivery option %s, %s", o.Title, o.Visibility)
	for _, image := range o.Images {
		shown := shownImage{Reference: image}
		if r.in.Managing.Digests {
			shown.Digest = r.digestOf(ctx, image)
		}
		r.show("  %-11s %s", "image", strings.TrimSpace(image+" "+shown.Digest))
		s.Images = append(s.Images, shown)
	}
	r.showText("services", strings.Join(o.Services, ", "))
	r.showText("description", o.Description)
	for _, resource := range o.Resources {
		r.show("  %-11s %s", "resource", resource.Name+": "+resource.URL)
		s.Resources = append(s.Resources, shownResource{resource.Name, resource.URL})
	}
	r.showText("usage", o.Instructions)
	if o.Visibility == "Restricted" {
		return s // nobody can mend it, and no new customer reads it
	}
	links, whole := judgeInstructions(placeOf(version, o.Title), o)
	for _, l := range links {
		r.show("  %-11s %s", "link", l.URL)
		for _, line := range l.Form {
			r.show("    %-18s %s", line.Field, line.Value)
		}
		r.tellFindings(l.Findings)
	}
	r.tellFindings(whole)
	s.Links, s.Findings = append(s.Links, links...), append(s.Findings, whole...)
	return s
}

// digestOf asks ECR which image a tag names now, "" if it names none.
func (r *run) digestOf(ctx context.Context, image string) string {
	ref, ok := connector.ParseReference(image)
	if !ok || ref.Tag == "" {
		return ""
	}
	cfg, err := r.config(ctx)
	if err != nil {
		r.failConfig("digests", err)
		return ""
	}
	repo, err := registry.Open(cfg, ref, nil)
	if err != nil {
		r.fail("digests", err)
		return ""
	}
	defer repo.Close()
	m, err := repo.Manifest(ctx, ref.Tag)
	switch {
	case err != nil:
		r.fail("digests", err)
		return ""
	case m == nil:
		r.refuse("listing-image", fmt.Sprintf("the image %+q is not in the registry", image), "Push it again: each job of a subscriber downloads it.")
		return ""
	}
	return m.Digest
}
