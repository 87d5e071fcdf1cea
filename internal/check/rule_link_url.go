package check

import (
	"fmt"

	"glue-connector/internal/connector"
	"glue-connector/internal/unpack"
)

var linkURL = Rule{
	ID:       "link-url",
	Severity: Error,
	Summary:  "the image's URL in the link is one that Glue's unpacker accepts",
	Why:      "Glue refuses any other URL at the start of every job: LAUNCH ERROR.",
	Source:   "aws-glue-libs, activate_etl_connector.py; AWS guide, step 4: connectorUrl",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		if !ok {
			return
		}
		if l.URL == "" && s.Draft {
			return
		}
		if l.URL == "" {
			fs.add("", connector.Position{}, "the link names no image", "Give repository, or connector-url with the URL of the image.")
			return
		}
		problems := unpack.CheckURL(l.URL)
		for _, p := range problems {
			fs.add("", connector.Position{}, fmt.Sprintf("Glue refuses the image's URL %s: %s", quote(l.URL), p.Detail),
				"Use https://<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>; subscribers' images lie in us-east-1.")
		}
		r, isECR := connector.ParseReference(trimScheme(l.URL))
		if len(problems) == 0 && isECR && r.Account != connector.MarketplaceRegistry {
			severity := Warning
			if s.Publish {
				severity = Error
			}
			fs.addAs(severity, "", connector.Position{}, fmt.Sprintf("the link names a registry of your own, %s: subscribers cannot pull from it", quote(r.Host())),
				"Fine for a test. For a listing, push to the repository that AWS Marketplace made for the product.")
		}
	},
}

func trimScheme(s string) string {
	const scheme = "https://"
	if len(s) > len(scheme) && s[:len(scheme)] == scheme {
		return s[len(scheme):]
	}
	return s
}
