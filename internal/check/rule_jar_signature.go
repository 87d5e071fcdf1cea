package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var jarSignature = Rule{
	ID:       "jar-signature",
	Severity: Error,
	Summary:  "no jar carries the signature of another one",
	Why:      "The first class that is loaded from it ends the job: SecurityException, Invalid signature file digest.",
	Source:   "JAR file specification, Signature Validation",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			for _, name := range j.Archive.BrokenSignatures() {
				fs.add(j.Path, connector.Position{}, fmt.Sprintf("%s has the signature file %s, which does not fit its manifest", quote(j.Name), quote(name)),
					"Leave META-INF/*.SF, *.RSA, *.DSA and *.EC out when merging jars: a filter of the shading plug-in does it.")
			}
		}
	},
}
