package check

import (
	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
)

var jarArchive = Rule{
	ID:       "jar-archive",
	Severity: Error,
	Summary:  "each jar is an archive that the JVM can open",
	Why:      "The JVM of the customer's job skips or refuses the file, and its classes are not found.",
	Source:   "JAR file specification; APPNOTE.TXT; java.util.zip.ZipFile",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			if j.Archive.Readable() {
				continue
			}
			for _, d := range j.Archive.Defects {
				advice := "Build the jar again, and compare its size with the original."
				switch d.Code {
				case jar.NotZip:
					advice = "Check what the file is: a download that failed often leaves an HTML page or a Git LFS pointer."
				case jar.Encrypted, jar.Method, jar.NameEncoding:
					advice = "Build the jar with the JDK's jar tool or a build tool for Java."
				}
				fs.add(j.Path, connector.Position{}, quote(j.Name)+" is no jar: "+d.Detail+entry(d), advice)
			}
		}
	},
}

// entry names the entry of a defect, if there is one.
func entry(d jar.Defect) string {
	if d.Entry == "" {
		return ""
	}
	return " (" + quote(d.Entry) + ")"
}
