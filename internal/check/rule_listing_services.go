package check

import (
	"fmt"
	"slices"
)

// marketplaceServices are the values that AWS documents; Glue is none of them.
var marketplaceServices = []string{"ECS", "EKS", "ECS-Anywhere", "EKS-Anywhere", "Bedrock-AgentCore"}

var listingServices = Rule{
	ID:       "listing-services",
	Severity: Error,
	Summary:  "the compatible services of a delivery option are one to four that AWS Marketplace knows, once each",
	Why:      "The Marketplace refuses the version, hours after the change set was started: INCOMPATIBLE_SERVICES.",
	Source:   "AWS Marketplace Catalog API, AddDeliveryOptions: CompatibleServices",
	Check: func(s *Subject, fs *Findings) {
		if s.Listing == nil {
			return
		}
		for _, o := range s.Listing.Options {
			if n := len(o.Services); n == 0 || n > 4 {
				fs.add("", nowhere, fmt.Sprintf("the delivery option %s has %d compatible services, and AWS takes 1 to 4 (NO_SERVICE_SPECIFIED)", quote(o.Title), n),
					"Give compatible-services, for example ECS.")
			}
			for i, service := range o.Services {
				switch {
				case !slices.Contains(marketplaceServices, service):
					fs.add("", nowhere, fmt.Sprintf("%s is no service that AWS Marketplace knows (AWS: INCOMPATIBLE_SERVICES)", quote(service)),
						"Use ECS, EKS, ECS-Anywhere, EKS-Anywhere or Bedrock-AgentCore; there is none for Glue, and published connectors have ECS.")
				case slices.Contains(o.Services[:i], service):
					fs.add("", nowhere, fmt.Sprintf("%s is there twice (AWS: DUPLICATE_COMPATIBLE_AWS_SERVICES)", quote(service)), "Name each of compatible-services once.")
				}
			}
		}
	},
}
