package check

import "fmt"

var listingOptions = Rule{
	ID:       "listing-options",
	Severity: Error,
	Summary:  "a version has one to four delivery options, each with a title of its own",
	Why:      "The Marketplace refuses the version, hours after the change set was started: DUPLICATE_DELIVERY_OPTION_TITLES.",
	Source:   "AWS Marketplace Catalog API, AddDeliveryOptions: DeliveryOptions",
	Check: func(s *Subject, fs *Findings) {
		if s.Listing == nil {
			return
		}
		if n := len(s.Listing.Options); n > 4 {
			fs.add("", nowhere, fmt.Sprintf("the version has %d delivery options, and AWS takes 4 at a time", n), "Leave some of delivery-options out.")
		}
		seen := map[string]bool{}
		for _, o := range s.Listing.Options {
			if seen[o.Title] {
				fs.add("", nowhere, fmt.Sprintf("two delivery options have the title %s (AWS: DUPLICATE_DELIVERY_OPTION_TITLES)", quote(o.Title)),
					"Give each of delivery-options a title of its own, such as the Glue version it is for.")
			}
			seen[o.Title] = true
		}
	},
}
