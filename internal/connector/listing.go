package connector

import (
	"slices"
	"strings"
)

// Listing is a version of a product in AWS Marketplace, as it is to be added.
type Listing struct {
	Product string // its id
	Title   string // of the version
	Notes   string // of the release
	Options []DeliveryOption
}

// DeliveryOption is one way to get a version: for connectors, one image for one or
// more versions of Glue.
type DeliveryOption struct {
	ID           string // "" before AWS has given it one
	Title        string
	Description  string
	Instructions string   // of usage, with the activation link
	Images       []string // host/repository:tag, without a scheme
	Services     []string // of AWS that it is compatible with
	Resources    []DeploymentResource
	Visibility   string // Public, Limited or Restricted; "" before it is there

	// Link is the one in the instructions, nil if they were read from AWS.
	Link *Link
}

// DeploymentResource is a link beside a delivery option.
type DeploymentResource struct{ Name, URL string }

// The texts that the guide gives for the form of a version, step 4.
const (
	DefaultOptionTitle       = "Activate in AWS Glue Studio"
	DefaultOptionDescription = "Import jars in AWS Glue jobs."
)

// DefaultInstructions is the template of the guide's sentence.
var DefaultInstructions = UsageInstructions("{link}")

// FillInstructions puts values into a template of usage instructions: {link},
// {image} and {version}. Other braces stay.
func FillInstructions(template, link, image, version string) string {
	return strings.NewReplacer("{link}", link, "{image}", image, "{version}", version).Replace(template)
}

// Product is what AWS Marketplace has of a container product.
type Product struct {
	ID string
	// Absent is what AWS answers if it has no such product, or does not show it to
	// this seller; all else is empty then.
	Absent       string
	Type         string // ContainerProduct@1.0
	Revision     string
	Title        string
	Visibility   string   // Draft, Limited, Public or Restricted
	Repositories []string // host/repository
	Versions     []ProductVersion
	// Busy is the id of a change set on its way that is not about the version that
	// is to be added, "" for none.
	Busy string
}

// ContainerProduct is the entity type of a container product.
const ContainerProduct = "ContainerProduct@1.0"

// ProductVersion is a version that a product has.
type ProductVersion struct {
	ID, Title, Notes string
	Created          string // a time, as AWS writes it
	Options          []DeliveryOption
}

// Version finds a version by its title.
func (p *Product) Version(title string) *ProductVersion {
	i := slices.IndexFunc(p.Versions, func(v ProductVersion) bool { return v.Title == title })
	if i < 0 {
		return nil
	}
	return &p.Versions[i]
}

// Difference is one thing in which a version that is there is not the wanted one.
type Difference struct {
	Option string // the delivery option's title, "" for the version's own
	What   ListingPart
}

// ListingPart is a part of a version.
type ListingPart string

// The parts of a version. Customers cannot do without the right images and
// instructions, which have the link.
const (
	PartOptions      ListingPart = "delivery options"
	PartVisibility   ListingPart = "visibility" // it was restricted: no new customer gets it
	PartImages       ListingPart = "images"
	PartInstructions ListingPart = "usage instructions"
	PartNotes        ListingPart = "release notes"
	PartDescription  ListingPart = "description"
	PartServices     ListingPart = "compatible services"
	PartResources    ListingPart = "deployment resources"
)

// Differences compares a version that is there with the wanted one.
func (v *ProductVersion) Differences(l *Listing) (all []Difference) {
	if !SameText(v.Notes, l.Notes) {
		all = append(all, Difference{"", PartNotes})
	}
	if len(v.Options) != len(l.Options) {
		return append(all, Difference{"", PartOptions})
	}
	for _, want := range l.Options {
		i := slices.IndexFunc(v.Options, func(o DeliveryOption) bool { return SameText(o.Title, want.Title) })
		if i < 0 {
			all = append(all, Difference{want.Title, PartOptions})
			continue
		}
		have := v.Options[i]
		for _, c := range []struct {
			same bool
			what ListingPart
		}{
			{slices.Equal(have.Images, want.Images), PartImages},
			{have.Visibility != "Restricted", PartVisibility},
			{SameText(have.Instructions, want.Instructions), PartInstructions},
			{SameText(have.Description, want.Description), PartDescription},
			{sameSet(have.Services, want.Services), PartServices},
			{slices.Equal(have.Resources, want.Resources), PartResources},
		} {
			if !c.same {
				all = append(all, Difference{want.Title, c.what})
			}
		}
	}
	return all
}

// Serves tells that customers get what is wanted from the version: the images and
// the links. The other texts may be others.
func (v *ProductVersion) Serves(l *Listing) bool {
	return !slices.ContainsFunc(v.Differences(l), func(d Difference) bool {
		return d.What == PartOptions || d.What == PartVisibility || d.What == PartImages || d.What == PartInstructions
	})
}

// SameText overlooks what forms on the way change: ends of lines, and blanks
// around a text.
func SameText(a, b string) bool {
	plain := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
	return plain(a) == plain(b)
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
