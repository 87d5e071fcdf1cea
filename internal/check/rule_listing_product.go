package check

import (
	"fmt"
	"slices"

	"glue-connector/internal/connector"
)

var listingProduct = Rule{
	ID:       "listing-product",
	Severity: Error,
	Summary:  "the product in AWS Marketplace is one that the version can be added to",
	Why:      "The Marketplace refuses the version, hours after the change set was started.",
	Source:   "AWS Marketplace Catalog API, AddDeliveryOptions: INCOMPATIBLE_PRODUCT_STATUS, DUPLICATE_VERSION_TITLE, INVALID_CONTAINER_IMAGE_REPOSITORY",
	Check: func(s *Subject, fs *Findings) {
		if s.Market == nil {
			return
		}
		p, l := s.Market.Product, s.Market.Listing
		switch {
		case p.Absent != "":
			fs.add("", nowhere, fmt.Sprintf("AWS Marketplace shows no product %s (AWS: %s)", quote(p.ID), quote(p.Absent)),
				"Check product-id, and that the credentials are those of the seller's account.")
			return
		case p.Type != connector.ContainerProduct:
			fs.add("", nowhere, fmt.Sprintf("%s is a %s, and connectors are container products", quote(p.ID), quote(p.Type)), "Check product-id.")
			return
		case p.Visibility != "Limited" && p.Visibility != "Public":
			fs.add("", nowhere, fmt.Sprintf("the product %s is %s (AWS: INCOMPATIBLE_PRODUCT_STATUS, \"Use an existing limited or public product.\")", quote(p.ID), quote(p.Visibility)),
				"Finish the product in the portal, or by glue-connector product release, so that it is Limited; then run again.")
		}
		for _, o := range l.Options {
			for _, image := range o.Images {
				ref, ok := connector.ParseReference(image)
				if ok && !slices.Contains(p.Repositories, ref.Name()) {
					fs.add("", nowhere, fmt.Sprintf("the repository %s is none of the product's (AWS: INVALID_CONTAINER_IMAGE_REPOSITORY)", quote(ref.Name())),
						"Check product-id and repository; glue-connector product create-repository adds one to a product.")
				}
			}
		}
		addVersion(fs, p, l)
	},
}

// addVersion compares with a version of the same title. The titles of delivery
// options may be those of other versions: the guide gives one title for all.
func addVersion(fs *Findings, p *connector.Product, l *connector.Listing) {
	v := p.Version(l.Title)
	if v == nil {
		return
	}
	serves := v.Serves(l)
	for _, d := range v.Differences(l) {
		of := ""
		if d.Option != "" {
			of = " of the delivery option " + quote(d.Option)
		}
		switch {
		case d.What == connector.PartImages, d.What == connector.PartOptions:
			fs.add("", nowhere, fmt.Sprintf("the product has a version %s already, with other %s%s (AWS: DUPLICATE_VERSION_TITLE)", quote(l.Title), d.What, of),
				"Release under a new version-title.")
		case d.What == connector.PartVisibility:
			fs.add("", nowhere, fmt.Sprintf("the product has a version %s already, whose delivery option %s is restricted (AWS: DUPLICATE_VERSION_TITLE)", quote(l.Title), quote(d.Option)),
				"Release under a new version-title.")
		case d.What == connector.PartInstructions:
			fs.add("", nowhere, fmt.Sprintf("the product has a version %s already, with other %s%s (AWS: DUPLICATE_VERSION_TITLE)", quote(l.Title), d.What, of),
				"Release under a new version-title, or change the usage instructions of the version that is there: glue-connector listing update.")
		case serves:
			fs.addAs(Warning, "", nowhere, fmt.Sprintf("the version %s is there already, with another text: the %s%s", quote(l.Title), d.What, of),
				"It is left as it is; change it by glue-connector listing update, or in the portal.")
		}
	}
}
