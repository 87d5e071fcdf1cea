package check

import (
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
)

var jarManifest = Rule{
	ID:       "jar-manifest",
	Severity: Error,
	Summary:  "the manifest of each jar is one that the JVM reads, leads nowhere else, and seals no package that another jar has",
	Why:      "The JVM reads it before the first class of the jar: the customer's job ends with ClassNotFoundException or SecurityException.",
	Source:   "java.util.jar.Manifest; java.net.URLClassLoader; JAR file specification, Package Sealing",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			for _, d := range j.Archive.Defects {
				if d.Code == jar.BadManifest {
					fs.add(j.Path, connector.Position{}, quote(j.Name)+": "+d.Detail, "Let the JDK's jar tool or a build tool for Java write META-INF/MANIFEST.MF.")
				}
			}
			for _, place := range strings.Fields(j.Archive.Manifest.ClassPath) {
				if strings.Contains(place, ":") || strings.HasPrefix(place, "/") || slices.Contains(strings.Split(place, "/"), "..") {
					fs.addAs(Warning, j.Path, connector.Position{}, fmt.Sprintf("the Class-Path of %s leads to %s, outside of /jars", quote(j.Name), quote(place)), "Take the line out of the manifest.")
					break
				}
			}
			if j.Archive.Manifest.Sealed {
				s.sealed(fs, j)
			}
		}
	},
}

// sealed finds a package of a sealed jar that another jar has classes of.
func (s *Subject) sealed(fs *Findings, sealed *connector.Jar) {
	for _, j := range s.jars() {
		if j == sealed {
			continue
		}
		var both []string
		for name := range sealed.Archive.Packages {
			if j.Archive.Packages[name] > 0 {
				both = append(both, name)
			}
		}
		if len(both) > 0 {
			slices.Sort(both)
			fs.addAs(Warning, sealed.Path, connector.Position{}, fmt.Sprintf("%s seals the package %s, of which %s has classes, too", quote(sealed.Name), quote(strings.ReplaceAll(both[0], "/", ".")), quote(j.Name)),
				"Keep the package in one jar, or take the line Sealed out of the manifest.")
		}
	}
}
