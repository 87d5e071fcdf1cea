// Package sbom lists what a connector is made of, as a CycloneDX document in
// JSON: each jar with its hash, and in it the Maven artifacts that it was shaded
// from.
//
// The document is a function of its input alone, serial number and time
// included. What the jars say of themselves is not checked against anything:
// coordinates come from their pom.properties, else names from the manifest, else
// from the file's name, and a property says from which of them. The package
// judges nothing and knows no vulnerability.
package sbom

import (
	"bytes"
	"crypto/sha1"
	"fmt"
	"strconv"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"glue-connector/internal/connector"
)

// MediaType is that of the document, for registries.
const MediaType = "application/vnd.cyclonedx+json"

// maxComponents bounds a document: what is nested in jars beyond it is counted
// in a property.
const maxComponents = 4000

// Options say what the connector's files do not.
type Options struct {
	// Created is the image's time; the zero Time leaves it out.
	Created time.Time
	// Version is the program's own.
	Version string
	// Revision is the commit, and Source the URL of its repository; "" if they
	// are not known.
	Revision, Source string
}

// Document is a CycloneDX document.
type Document struct {
	JSON []byte
	// Components counts the jars and what was found in them.
	Components int
}

// specVersion is what scanners read by now; nothing of a later one is used.
const specVersion = cdx.SpecVersion1_6

// The names of our properties; the others are OCI's annotations.
const (
	identifiedBy = "glue-connector:identified-by"
	omitted      = "glue-connector:omitted"
)

// mainRef refers to the connector within the document.
const mainRef = "connector"

// Make reads each jar once, to be hashed, and the poms in it.
func Make(c *connector.Connector, o Options) (Document, error) {
	hashes, err := hashAll(c.Jars)
	if err != nil {
		return Document{}, err
	}
	bom := cdx.NewBOM()
	bom.Metadata = metadata(c, o)
	components := make([]cdx.Component, 0, len(c.Jars))
	refs := []string{}
	room, left := maxComponents-len(c.Jars), 0
	for i, j := range c.Jars {
		ref := fmt.Sprintf("jar-%d", i+1)
		one, beyond := component(j, ref, hashes[i], max(room, 0))
		if one.Components != nil {
			room -= len(*one.Components)
		}
		left += beyond
		components, refs = append(components, one), append(refs, ref)
	}
	if left > 0 {
		properties := append(deref(bom.Metadata.Properties), cdx.Property{Name: omitted, Value: strconv.Itoa(left)})
		bom.Metadata.Properties = &properties
	}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: mainRef, Dependencies: &refs}}
	raw, err := encode(bom)
	if err != nil {
		return Document{}, err
	}
	bom.SerialNumber = "urn:uuid:" + uuid5(raw)
	raw, err = encode(bom)
	return Document{JSON: raw, Components: maxComponents - room}, err
}

func metadata(c *connector.Connector, o Options) *cdx.Metadata {
	m := &cdx.Metadata{
		Tools: &cdx.ToolsChoice{Components: &[]cdx.Component{
			{Type: cdx.ComponentTypeApplication, Name: "glue-connector", Version: connector.OneLine(o.Version)},
		}},
		Component: &cdx.Component{
			BOMRef:      mainRef,
			Type:        cdx.ComponentTypeLibrary,
			Name:        connector.OneLine(c.Config.Text(connector.KeyClassName)),
			Version:     connector.OneLine(c.Config.Text(connector.KeyVersion)),
			Publisher:   connector.OneLine(c.Config.Text(connector.KeyPublisherName)),
			Description: connector.OneLine(c.Config.Text(connector.KeyDescription)),
		},
	}
	if m.Component.Name == "" {
		m.Component.Name = mainRef // the format requires one
	}
	if !o.Created.IsZero() {
		m.Timestamp = o.Created.UTC().Format(time.RFC3339)
	}
	if source := connector.OneLine(o.Source); source != "" {
		m.Component.ExternalReferences = &[]cdx.ExternalReference{{Type: cdx.ERTypeVCS, URL: source}}
	}
	if revision := connector.OneLine(o.Revision); revision != "" {
		m.Properties = &[]cdx.Property{{Name: "org.opencontainers.image.revision", Value: revision}}
	}
	return m
}

func encode(bom *cdx.BOM) ([]byte, error) {
	var b bytes.Buffer
	if err := cdx.NewBOMEncoder(&b, cdx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false).EncodeVersion(bom, specVersion); err != nil {
		return nil, fmt.Errorf("writing CycloneDX: %w", err)
	}
	return b.Bytes(), nil
}

// namespace is that of our serial numbers.
var namespace = [16]byte{0x5b, 0x0e, 0x3f, 0x0c, 0x8a, 0x4d, 0x4e, 0x61, 0x9d, 0x27, 0x61, 0xc2, 0x70, 0x1d, 0x35, 0xee}

// uuid5 is a UUID made of content (RFC 9562, 5.5).
func uuid5(content []byte) string {
	h := sha1.New()
	h.Write(namespace[:])
	h.Write(content)
	u := h.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

func deref[T any](s *[]T) []T {
	if s == nil {
		return nil
	}
	return *s
}
