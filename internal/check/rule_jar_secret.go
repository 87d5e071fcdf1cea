package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var jarSecret = Rule{
	ID:       "jar-secret",
	Severity: Error,
	Summary:  "no jar holds a private key or AWS credentials",
	Why:      "Everybody who subscribes can read it, and AWS Marketplace refuses images with secrets.",
	Source:   "AWS Marketplace, container product policies: \"must not contain any hardcoded secrets\"",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			for _, secret := range j.Archive.Secrets {
				fs.add(j.Path, connector.Position{}, fmt.Sprintf("%s holds %s in %s", quote(j.Name), secret.What, quote(secret.Entry)),
					"Take it out of the build, and replace the key: consider it known.")
			}
		}
	},
}
