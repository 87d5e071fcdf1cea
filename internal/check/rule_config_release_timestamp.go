package check

import (
	"fmt"
	"time"

	"glue-connector/internal/connector"
)

var configReleaseTimestamp = Rule{
	ID:       "config-release-timestamp",
	Severity: Error,
	Summary:  "releasetimestamp is a real date and time, written YYYY-MM-DD HH:MM:SS",
	Why:      "All of AWS's samples have this form; another one may not be understood.",
	Source:   "AWS guide, step 3",
	Check: func(s *Subject, fs *Findings) {
		v, ok := s.text(connector.KeyReleaseTimestamp)
		if !ok {
			return
		}
		t, err := time.Parse(connector.TimestampLayout, v.Text)
		if err != nil || len(v.Text) != len(connector.TimestampLayout) {
			fs.add(s.config().Path, v.At, fmt.Sprintf("releasetimestamp is %s", quote(v.Text)),
				"Write it as 2020-12-21 12:00:00, a time that exists.")
			return
		}
		if !s.Now.IsZero() && t.After(s.Now.AddDate(1, 0, 0)) {
			fs.addAs(Warning, s.config().Path, v.At, fmt.Sprintf("releasetimestamp %s is more than a year ahead", quote(v.Text)),
				"Check the year.")
		}
	},
}
