package check

import (
	"errors"

	"glue-connector/internal/connector"
)

var jarArchive = Rule{
	ID:       "jar-archive",
	Severity: Error,
	Summary:  "each jar is a zip archive that can be opened",
	Why:      "The JVM of the customer's job skips or refuses the file, and its classes are not found.",
	Source:   "JAR file specification; APPNOTE.TXT",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			if j.Defect == nil {
				continue
			}
			advice := "Build the jar again, and compare its size with the original."
			if errors.Is(j.Defect, connector.ErrNotZip) {
				advice = "Check what the file is: a download that failed often leaves an HTML page or a Git LFS pointer."
			}
			fs.add(j.Path, connector.Position{}, quote(j.Name)+" is no jar: "+j.Defect.Error(), advice)
		}
	},
}
