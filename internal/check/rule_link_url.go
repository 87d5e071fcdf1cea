package check

import (
	"fmt"
	"strings"

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
		refused := false
		for _, p := range unpack.CheckURL(l.URL) {
			refused = addURLProblem(fs, l.URL, p) == Error || refused
		}
		severity, problem, advice := listedImage(l.URL, s.Connector.Image)
		if refused || problem == "" {
			return
		}
		if s.Publish {
			severity = Error
		}
		fs.addAs(severity, "", connector.Position{}, problem, advice)
	},
}

// addURLProblem reports what Glue's unpacker says of a URL. It overlooks the
// scheme and a query, and the job runs.
func addURLProblem(fs *Findings, url string, p unpack.Problem) Severity {
	says, severity := "Glue refuses", Error
	if p.Code == unpack.URLScheme || p.Code == unpack.URLDropped {
		says, severity = "Glue takes but does not follow", Warning
	}
	fs.addAs(severity, "", connector.Position{}, fmt.Sprintf("%s the image's URL %s: %s", says, quote(url), p.Detail),
		"Use https://<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>; subscribers' images lie in us-east-1.")
	return severity
}

// listedImage tells why a URL that Glue takes cannot be the one of a listing.
func listedImage(url string, pushed connector.Reference) (severity Severity, problem, advice string) {
	name := url
	if i := strings.IndexAny(name, "?;"); i >= 0 {
		name = name[:i] // as Glue does
	}
	r, isECR := connector.ParseReference(strings.TrimPrefix(strings.TrimPrefix(name, "https://"), "http://"))
	switch {
	case !isECR:
		return Error, fmt.Sprintf("the image's URL %s cannot be that of an image in Amazon ECR", quote(url)),
			"Write the repository as ECR names it: 2 to 256 lower-case letters, digits, and . _ - / between them."
	case r.Account != connector.MarketplaceRegistry:
		return Warning, fmt.Sprintf("the link names a registry of your own, %s: subscribers cannot pull from it", quote(r.Host())),
			"Fine for a test. For a listing, push to the repository that AWS Marketplace made for the product."
	case r.Region != "us-east-1":
		return Warning, fmt.Sprintf("the link names the region %s, and AWS Marketplace's registry is in us-east-1", quote(r.Region)),
			"Use the repository that AWS Marketplace made for the product."
	case r.Tag == "latest" && pushed.Tag != "latest": // else rule image-tag says it
		return Warning, "the link names the tag latest, which AWS Marketplace refuses", "Use the connector's version as tag."
	}
	return "", "", ""
}
