package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/connector"
)

var configConnectionType = Rule{
	ID:       "config-connection-type",
	Severity: Error,
	Summary:  "connectiontype is MARKETPLACE",
	Why:      "Any other type is not published through AWS Marketplace.",
	Source:   "AWS guide, step 3",
	Check: func(s *Subject, fs *Findings) {
		v, ok := s.text(connector.KeyConnectionType)
		if !ok || v.Text == "MARKETPLACE" {
			return
		}
		severity := Error
		if s := strings.TrimSpace(v.Text); len(s) == len("MARKETPLACE") && strings.EqualFold(s, "MARKETPLACE") {
			severity = Warning
		}
		fs.addAs(severity, s.config().Path, v.At, fmt.Sprintf("connectiontype is %s", quote(v.Text)), "Write \"MARKETPLACE\".")
	},
}
