package check

import (
	"fmt"
	"slices"

	"glue-connector/internal/connector"
)

var listingImage = Rule{
	ID:       "listing-image",
	Severity: Error,
	Summary:  "each delivery option has an image of its own in AWS Marketplace's registry, under a tag other than latest",
	Why:      "The Marketplace refuses any other image, hours after the change set was started: INVALID_CONTAINER_IMAGE_URI.",
	Source:   "AWS Marketplace Catalog API, AddDeliveryOptions: ContainerImages",
	Check: func(s *Subject, fs *Findings) {
		if s.Listing == nil {
			return
		}
		var all []string
		for _, o := range s.Listing.Options {
			if len(o.Images) == 0 && !s.Draft {
				fs.add("", nowhere, fmt.Sprintf("the delivery option %s has no image (AWS: MISSING_CONTAINER_IMAGES)", quote(o.Title)), "Give repository.")
			}
			for _, image := range o.Images {
				if slices.Contains(all, image) {
					fs.add("", nowhere, fmt.Sprintf("the image %s is there twice (AWS: DUPLICATE_CONTAINER_IMAGES)", quote(image)), "Give each of delivery-options an image or image-tag of its own.")
					continue
				}
				all = append(all, image)
				s.listedImage(fs, image)
			}
		}
	},
}

func (s *Subject) listedImage(fs *Findings, image string) {
	ref, ok := connector.ParseReference(image)
	pushed := s.Connector != nil && s.Connector.Image.String() == image
	judged := false // by rule link-url
	if l, ok := s.link(); ok {
		judged = l.URL == "https://"+image
	}
	severity := Warning // the repository may be another one on a pull request
	if s.Publish {
		severity = Error
	}
	switch {
	case !ok || ref.Tag == "":
		fs.add("", nowhere, fmt.Sprintf("%s is no image in Amazon ECR with a tag (AWS: INVALID_CONTAINER_IMAGES)", quote(image)),
			"Write it as 709825985650.dkr.ecr.us-east-1.amazonaws.com/my-company/my-connector:1.0.0, without a scheme.")
	case judged:
	case ref.Account != connector.MarketplaceRegistry || ref.Region != "us-east-1":
		fs.addAs(severity, "", nowhere, fmt.Sprintf("the image %s is not in AWS Marketplace's registry (AWS: INVALID_CONTAINER_IMAGE_URI)", quote(image)),
			"Push to the repository that AWS Marketplace made for the product, in 709825985650.dkr.ecr.us-east-1.amazonaws.com.")
	case ref.Tag == "latest" && !pushed: // else rule image-tag says it
		fs.addAs(severity, "", nowhere, fmt.Sprintf("the image %s has the tag latest (AWS: INVALID_CONTAINER_IMAGE_TAG, \"Avoid using 'latest' tag.\")", quote(image)),
			"Use the connector's version as tag.")
	}
}
