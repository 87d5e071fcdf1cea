package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

// listingText is one text of a version in AWS Marketplace.
type listingText struct {
	name  string // for people
	input string // that has it
	text  string
	most  int    // characters; AWS's texts say "fewer than" of some, which are one less here
	code  string // of AWS's refusal
	// optional tells that it may be empty.
	optional bool
}

// listingTexts are all texts of the version that is to be added, but for the usage
// instructions' length, which is a rule of its own.
func (s *Subject) listingTexts() []listingText {
	l := s.Listing
	if l == nil {
		return nil
	}
	all := []listingText{
		{"the version title", "version-title", l.Title, 64, "INVALID_VERSION_TITLE", false},
		// Those of a GitHub release are read when there is one.
		{"the release notes", "release-notes", l.Notes, 30_000, "INVALID_RELEASE_NOTES", !s.Publish},
	}
	for _, o := range l.Options {
		of := ""
		if len(l.Options) > 1 {
			of = " of " + quote(o.Title)
		}
		all = append(all,
			listingText{"the title of a delivery option", "delivery-option-title", o.Title, 72, "INVALID_FULFILLMENT_OPTION_TITLE", false},
			listingText{"the description" + of, "delivery-description", o.Description, 999, "INVALID_SHORT_DESCRIPTION", false},
			listingText{"the usage instructions" + of, "usage-instructions", o.Instructions, 0, "INVALID_USAGE_INSTRUCTIONS", false})
		for _, r := range o.Resources {
			all = append(all,
				listingText{"the name of a deployment resource" + of, "deployment-resources", r.Name, 255, "INVALID_RESOURCE_NAME", false},
				listingText{fmt.Sprintf("the URL of the deployment resource %s%s", quote(r.Name), of), "deployment-resources", r.URL, 255, "INVALID_RESOURCE_URL", false})
		}
	}
	return all
}

// nowhere is the place of findings about no file.
var nowhere = connector.Position{}
