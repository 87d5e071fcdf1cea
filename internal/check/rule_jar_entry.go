package check

import (
	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
)

var jarEntry = Rule{
	ID:       "jar-entry",
	Severity: Warning,
	Summary:  "the entries of each jar are what its directory says, once each, under plain names",
	Why:      "Readers differ in what they make of such a jar: what was checked may not be what the JVM loads.",
	Source:   "APPNOTE.TXT; java.util.zip.ZipFile",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			if !j.Archive.Readable() {
				continue
			}
			for _, d := range j.Archive.Defects {
				severity := Warning
				switch d.Code {
				case jar.BadManifest:
					continue // jar-manifest tells
				case jar.LocalHeader, jar.Corrupt, jar.Overlap, jar.Bomb:
					severity = Error
				}
				fs.addAs(severity, j.Path, connector.Position{}, quote(j.Name)+": "+d.Detail+entry(d),
					"Build the jar again with the JDK's jar tool or a build tool for Java.")
			}
		}
	},
}
