package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

// The sizes are in bytes. maxLayer is ECR's quota, 52,000 MiB a layer; a jar
// over largeJar is larger than any driver or connector that was looked at.
const (
	maxLayer = 52_000 << 20
	largeJar = 512 << 20
)

var jarSize = Rule{
	ID:       "jar-size",
	Severity: Warning,
	Summary:  "no jar is larger than 512 MiB",
	Why:      "Each Glue job downloads it at its start, and Glue's unpacker holds it in memory; over 52,000 MiB ECR refuses it.",
	Source:   "aws-glue-libs, activate_etl_connector.py; Amazon ECR, service quotas",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			if j.Size <= largeJar {
				continue
			}
			severity := Warning
			if j.Size > maxLayer {
				severity = Error
			}
			fs.addAs(severity, j.Path, connector.Position{}, fmt.Sprintf("%s has %d MiB", quote(j.Name), j.Size>>20),
				"Leave out what Glue ships (scope provided), and data that the connector can load from elsewhere.")
		}
	},
}
