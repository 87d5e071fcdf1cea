package unpack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

const (
	dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
	dockerLayer    = "application/vnd.docker.image.rootfs.diff.tar.gzip"
	ociLayer       = "application/vnd.oci.image.layer.v1.tar+gzip"
)

// The newest script checks digests for a like pattern; ECR has sha256 only.
var digestPattern = regexp.MustCompile(`^sha256:[0-9a-f]+$`)

const digestLength = len("sha256:") + 64

// object keeps the names of a JSON object as Python does: exactly, and the last
// one of a repeated name wins. A struct would also match "Layers".
type object map[string]json.RawMessage

// Manifest reads a manifest as Glue would: layers, and in each the digest. The
// layers before one that makes Glue raise are returned too.
func Manifest(raw []byte) ([]Layer, []Problem) {
	if len(raw) > MaxManifest {
		return nil, []Problem{{Code: TooLarge,
			Detail: fmt.Sprintf("The manifest has %d bytes; at most %d are read.", len(raw), MaxManifest)}}
	}
	if !json.Valid(raw) {
		return nil, malformed("The manifest is not JSON.", "requests.exceptions.JSONDecodeError")
	}
	var manifest object
	if json.Unmarshal(raw, &manifest) != nil || isNull(raw) {
		return nil, malformed("The manifest is not a JSON object.", "TypeError")
	}
	if problem, ok := withoutLayers(manifest); ok {
		return nil, []Problem{problem}
	}
	var elements []json.RawMessage
	if json.Unmarshal(manifest["layers"], &elements) != nil || isNull(manifest["layers"]) {
		return nil, malformed("The manifest's layers are not a list.", "TypeError")
	}
	if len(elements) == 0 {
		return nil, append(manifestType(text(manifest["mediaType"])),
			Problem{Code: NoJars, Detail: "The manifest has an empty list of layers.", Log: noJarsLog})
	}

	var layers []Layer
	problems := manifestType(text(manifest["mediaType"]))
	for i, element := range elements {
		layer, found := readLayer(i, element, text(manifest["mediaType"]))
		problems = append(problems, found...)
		if stops(found) {
			break
		}
		layers = append(layers, layer)
	}
	return layers, problems
}

// withoutLayers tells apart the manifests that end in the same KeyError (G1).
func withoutLayers(manifest object) (Problem, bool) {
	if _, ok := manifest["layers"]; ok {
		return Problem{}, false
	}
	problem := Problem{Code: ManifestNoLayers, Log: "KeyError: 'layers'",
		Detail: "The manifest has no layers."}
	_, list := manifest["manifests"]
	_, old := manifest["fsLayers"]
	switch {
	case list:
		problem.Code = ManifestIndex
		problem.Detail = "The tag names an index of images, and Glue reads one image only; push a single image without attestations."
	case old:
		problem.Code = ManifestSchema1
		problem.Detail = "The tag names a Docker schema 1 manifest, and Glue reads schema 2 only."
	}
	return problem, true
}

func manifestType(mediaType string) []Problem {
	if mediaType == dockerManifest {
		return nil
	}
	return []Problem{{Code: MediaType, Detail: fmt.Sprintf(
		"The manifest's media type is %q; Glue ignores it, but only Docker schema 2 is proven to work.", mediaType)}}
}

func readLayer(i int, raw json.RawMessage, manifestType string) (Layer, []Problem) {
	var element object
	if json.Unmarshal(raw, &element) != nil || isNull(raw) {
		return Layer{}, malformed(fmt.Sprintf("Layer %d of the manifest is not an object.", i), "TypeError")
	}
	digest, ok := element["digest"]
	if !ok {
		return Layer{}, malformed(fmt.Sprintf("Layer %d of the manifest has no digest.", i), "KeyError: 'digest'")
	}
	layer := Layer{Digest: text(digest), MediaType: text(element["mediaType"])}
	if len(layer.Digest) != digestLength || !digestPattern.MatchString(layer.Digest) {
		return Layer{}, malformed(fmt.Sprintf("Layer %d of the manifest has the digest %q, which is not a sha256 digest.", i, clip(layer.Digest)), "")
	}
	// A size that is no number is as good as none: Glue does not read it.
	_ = json.Unmarshal(element["size"], &layer.Size)
	return layer, layerType(layer, element, manifestType)
}

func layerType(layer Layer, element object, manifestType string) []Problem {
	var urls []string
	_ = json.Unmarshal(element["urls"], &urls)
	switch {
	case strings.Contains(layer.MediaType, ".foreign.") || strings.Contains(layer.MediaType, ".nondistributable.") || len(urls) > 0:
		return []Problem{{Code: ForeignLayer, Layer: layer.Digest,
			Detail: "The layer is kept outside of the registry, and Glue asks for it only there."}}
	case layer.MediaType == dockerLayer, layer.MediaType == ociLayer && manifestType != dockerManifest:
		return nil
	}
	return []Problem{{Code: MediaType, Layer: layer.Digest, Detail: fmt.Sprintf(
		"The layer's media type is %q; Glue ignores it and takes the layer for a gzipped tar.", clip(layer.MediaType))}}
}

// malformed is a fault at which Python raises. An empty log stands for a
// request that the registry refuses.
func malformed(detail, log string) []Problem {
	return []Problem{{Code: ManifestMalformed, Detail: detail, Log: log}}
}

func stops(problems []Problem) bool {
	for _, problem := range problems {
		if problem.Code.endsReplay() {
			return true
		}
	}
	return false
}

// text is the string in raw, empty if there is none.
func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}

func isNull(raw json.RawMessage) bool { return bytes.Equal(bytes.TrimSpace(raw), []byte("null")) }

// clip bounds what a manifest or a member can put into a problem.
func clip(s string) string {
	const most = 4096 // PATH_MAX
	if len(s) <= most {
		return s
	}
	return s[:most]
}
