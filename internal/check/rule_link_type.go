package check

import (
	"fmt"

	"glue-connector/internal/connector"
)

var linkType = Rule{
	ID:       "link-type",
	Severity: Error,
	Summary:  "the connector type in the link is Jdbc, Spark or Athena",
	Why:      "Glue Studio accepts these three only, and the subscriber cannot edit the field.",
	Source:   "AWS guide, step 4: connectorType",
	Check: func(s *Subject, fs *Findings) {
		l, ok := s.link()
		if !ok {
			return
		}
		if t, known := connector.LinkType(l.Type); !known || t != l.Type {
			fs.add("", connector.Position{}, fmt.Sprintf("the connector type of the link is %s", quote(l.Type)),
				"Give connector-type: Jdbc, Spark or Athena.")
		}
	},
}
