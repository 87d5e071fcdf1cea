package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var configConnectorType = Rule{
	ID:       "config-connector-type",
	Severity: Warning,
	Summary:  "connectortype is JDBC, Spark or Athena, in any case",
	Why:      "The activation link knows these three only; one published connector uses another word here.",
	Source:   "AWS guide, steps 3 and 4",
	Check: func(s *Subject, fs *Findings) {
		v, ok := s.text(connector.KeyConnectorType)
		if !ok {
			return
		}
		if _, known := connector.LinkType(v.Text); !known {
			fs.add(s.config().Path, v.At, fmt.Sprintf("connectortype is %s", quote(v.Text)),
				"Write \"JDBC\", \"Spark\" or \"Athena\".")
		}
	},
}
