package sbom

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"golang.org/x/sync/errgroup"

	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
	"sync"
)

// hashAll gives the SHA-256 of each jar, as many at a time as there are
// processors.
func hashAll(jars []*connector.Jar) ([]string, error) {
	hashes := make([]string, len(jars))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, j := range jars {
		group.Go(func() error {
			h := sha256.New()
			if _, err := io.Copy(h, io.NewSectionReader(j.Content, 0, j.Size)); err != nil {
				return fmt.Errorf("reading %s: %w", j.Path, err)
			}
			hashes[i] = hex.EncodeToString(h.Sum(nil))
			return nil
		})
	}
	return hashes, group.Wait()
}

// component is a jar, with at most room artifacts in it, and tells how many more
// there are.
func component(j *connector.Jar, ref, hash string, room int) (c cdx.Component, beyond int) {
	a := j.Archive
	all := coordinates(a.Maven)
	stem := strings.TrimSuffix(j.Name, path.Ext(j.Name))
	how := "pom.properties"
	if own := ownOf(all, stem); own >= 0 {
		c = artifact(a, all[own])
		all = slices.Delete(all, own, own+1)
	} else {
		c.Name, c.Version, how = named(a.Manifest, stem)
	}
	c.Name = cmp.Or(c.Name, "jar") // the format requires one
	c.BOMRef, c.Type, c.MIMEType = ref, cdx.ComponentTypeLibrary, "application/java-archive"
	c.Hashes = &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: hash}}
	c.Properties = &[]cdx.Property{{Name: "glue-connector:file", Value: connector.OneLine(j.Name)}, {Name: identifiedBy, Value: how}}
	var inside []cdx.Component
	for i, x := range all[:min(len(all), room)] {
		n := artifact(a, x)
		n.BOMRef, n.Type = fmt.Sprintf("%s-%d", ref, i+1), cdx.ComponentTypeLibrary
		n.Properties = &[]cdx.Property{{Name: identifiedBy, Value: "pom.properties"}}
		inside = append(inside, n)
	}
	if inside != nil {
		c.Components = &inside
	}
	return c, len(all) - len(inside)
}

// The characters that Maven takes; what is not made of them, such as
// ${project.version}, was never filled in.
var (
	identifier = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_.-]{1,256}$`) })
	version    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_.+~-]{1,256}$`) })
)

// coordinates are those of artifacts, once each and sorted.
func coordinates(found []jar.Coordinates) []jar.Coordinates {
	var all []jar.Coordinates
	for _, x := range found {
		if !identifier().MatchString(x.Group) || !identifier().MatchString(x.Artifact) {
			continue
		}
		if !version().MatchString(x.Version) {
			x.Version = ""
		}
		all = append(all, x)
	}
	slices.SortFunc(all, func(x, y jar.Coordinates) int {
		return cmp.Or(cmp.Compare(x.Group, y.Group), cmp.Compare(x.Artifact, y.Artifact), cmp.Compare(x.Version, y.Version))
	})
	return slices.Compact(all)
}

// ownOf finds the artifact that the file itself is: its name says so. The others
// were shaded into it. It is -1 if none is.
func ownOf(all []jar.Coordinates, stem string) int {
	best, score := -1, 0
	for i, x := range all {
		rest, ok := strings.CutPrefix(stem, x.Artifact)
		s := 2 * len(x.Artifact)
		switch {
		case !ok:
			continue
		case rest == "":
		case x.Version != "" && (rest == "-"+x.Version || strings.HasPrefix(rest, "-"+x.Version+"-")):
			s++
		case !startsVersion(strings.TrimPrefix(rest, "-")) || rest[0] != '-':
			continue
		}
		if s > score {
			best, score = i, s
		}
	}
	return best
}

func startsVersion(s string) bool {
	s = strings.TrimPrefix(s, "v")
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// named is the name and version of a jar without coordinates of its own.
func named(m jar.Manifest, stem string) (name, version, how string) {
	name, version = fromFile(stem)
	if title := connector.OneLine(m.Title); title != "" {
		return title, cmp.Or(connector.OneLine(m.Version), version), "manifest"
	}
	if v := connector.OneLine(m.Version); v != "" {
		return name, v, "file name, and version from the manifest"
	}
	return name, version, "file name"
}

// fromFile guesses: guava-31.1-jre is guava of version 31.1-jre, and
// log4j-1.2-api-2.17 is log4j-1.2-api of version 2.17.
func fromFile(stem string) (name, version string) {
	parts := strings.Split(connector.OneLine(stem), "-")
	i := len(parts) - 1
	for i > 0 && !startsVersion(parts[i]) {
		i--
	}
	for i > 1 && startsVersion(parts[i-1]) {
		i--
	}
	if i == 0 {
		return connector.OneLine(stem), ""
	}
	return strings.Join(parts[:i], "-"), strings.Join(parts[i:], "-")
}

// artifact is a Maven artifact, with the licences that its pom names.
func artifact(a *jar.Archive, x jar.Coordinates) cdx.Component {
	c := cdx.Component{Group: x.Group, Name: x.Artifact, Version: x.Version, PackageURL: purl(x)}
	if all := licences(a, x); len(all) > 0 {
		c.Licenses = &all
	}
	return c
}

// purl is the package URL: https://github.com/package-url/purl-spec
func purl(x jar.Coordinates) string {
	u := "pkg:maven/" + escape(x.Group) + "/" + escape(x.Artifact)
	if x.Version != "" {
		u += "@" + escape(x.Version)
	}
	return u
}

func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
