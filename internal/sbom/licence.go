package sbom

import (
	"bytes"
	"encoding/xml"
	"net/url"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
)

const (
	maxPom      = 256 << 10 // bytes
	maxLicences = 5         // of one artifact
)

// licences are those that an artifact's pom in the jar names, in its own words:
// most are no SPDX identifiers. One inherited from a parent is not known here.
func licences(a *jar.Archive, x jar.Coordinates) cdx.Licenses {
	raw, defect := a.Open("META-INF/maven/"+x.Group+"/"+x.Artifact+"/pom.xml", maxPom)
	if defect != nil {
		return nil
	}
	var pom struct {
		Licences []struct {
			Name string `xml:"name"`
			URL  string `xml:"url"`
		} `xml:"licenses>license"`
	}
	if err := xml.NewDecoder(bytes.NewReader(raw)).Decode(&pom); err != nil {
		return nil
	}
	var all cdx.Licenses
	for _, l := range pom.Licences[:min(len(pom.Licences), maxLicences)] {
		if name := connector.OneLine(l.Name); name != "" {
			all = append(all, cdx.LicenseChoice{License: &cdx.License{Name: name, URL: webURL(connector.OneLine(l.URL))}})
		}
	}
	return all
}

// webURL is s if it is a URL of the web, else "".
func webURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}
