package check

import (
	"fmt"
	"slices"

	"glue-connector/internal/connector"
	"glue-connector/internal/unpack"
)

var imageUnpack = Rule{
	ID:       "image-unpack",
	Severity: Error,
	Summary:  "Glue's unpacker gets the connector's jars out of the image in the registry",
	Why:      "It runs at the start of every customer's job: what it cannot read ends the job, or leaves it without the jars.",
	Source:   "aws-glue-libs, activate_etl_connector.py",
	Check: func(s *Subject, fs *Findings) {
		if s.Unpacked == nil {
			return
		}
		for _, p := range s.Unpacked.Problems {
			severity := Error
			if slices.Contains(tolerated, p.Code) {
				severity = Warning
			}
			fs.addAs(severity, "", connector.Position{}, unpackMessage(p), unpackAdvice(p.Code))
		}
	},
}

// tolerated are the problems that leave a job its jars.
var tolerated = []unpack.Code{
	unpack.MediaType, unpack.PathEscape, unpack.URLScheme, unpack.URLDropped, unpack.SpecialFile, unpack.JarUpperCase,
}

func unpackMessage(p unpack.Problem) string {
	message := p.Detail
	if p.Entry != "" {
		message += fmt.Sprintf(" (entry %s)", quote(p.Entry))
	}
	if p.Layer != "" {
		message += fmt.Sprintf(" (layer %s)", quote(p.Layer))
	}
	if p.Log != "" {
		message += fmt.Sprintf("; the job's log says %s", quote(p.Log))
	}
	return message
}

func unpackAdvice(c unpack.Code) string {
	switch c {
	case unpack.ManifestIndex, unpack.ManifestSchema1, unpack.ManifestMalformed, unpack.ManifestNoLayers, unpack.MediaType:
		return "Push one image manifest under the tag: glue-connector push does; docker build needs --provenance=false --platform linux/amd64 and a builder that makes no index."
	case unpack.URLRegistry, unpack.URLImageName, unpack.URLDigest, unpack.URLTag, unpack.URLScheme, unpack.URLDropped:
		return "Use https://<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>; subscribers' images lie in us-east-1."
	case unpack.NoJars, unpack.JarUpperCase:
		return "Put the jars into /jars, with names that end in .jar."
	}
	return "Build and push the image again with glue-connector push, under a new tag."
}
