package check

import "fmt"

var listingBusy = Rule{
	ID:       "listing-busy",
	Severity: Warning,
	Summary:  "no other change set of the product in AWS Marketplace is on its way",
	Why:      "AWS locks a product while one is, for minutes or, if people look at it, for weeks; the version has to wait.",
	Source:   "AWS Marketplace Catalog API, StartChangeSet: ResourceInUseException",
	Check: func(s *Subject, fs *Findings) {
		if s.Market == nil || s.Market.Product.Busy == "" {
			return
		}
		p := s.Market.Product
		fs.add("", nowhere, fmt.Sprintf("change set %s of product %s is on its way (AWS: ResourceInUseException)", quote(p.Busy), quote(p.ID)),
			"It is waited for, until timeout-minutes are over. Look at it under Requests in the AWS Marketplace Management Portal, and cancel it there if it is not wanted.")
	},
}
