package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var imageTag = Rule{
	ID:       "image-tag",
	Severity: Error,
	Summary:  "the image's tag is a tag that registries and the Marketplace take",
	Why:      "The Marketplace refuses the tag latest, and registries refuse a tag outside of their grammar.",
	Source:   "OCI distribution specification; AWS Marketplace Catalog API, INVALID_CONTAINER_IMAGE_TAG",
	Check: func(s *Subject, fs *Findings) {
		if s.Connector == nil || s.Connector.Image.Tag == "" {
			return
		}
		tag := s.Connector.Image.Tag
		path, at := "", connector.Position{}
		if v, ok := s.config().Get(connector.KeyVersion); ok && v.Text == tag {
			path, at = s.config().Path, v.At // the tag's default
		}
		switch {
		case !connector.ValidTag(tag):
			fs.add(path, at, fmt.Sprintf("%s is no image tag", quote(tag)),
				"Give image-tag: letters, digits, dots, dashes and underscores, at most 128 characters.")
		case tag == "latest":
			severity := Warning
			if s.Publish {
				severity = Error
			}
			fs.addAs(severity, path, at, "the tag latest is refused by AWS Marketplace",
				"Use the connector's version as tag.")
		}
	},
}
