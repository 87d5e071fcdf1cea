package check

import (
	"glue-connector/internal/connector"
)

var configEncoding = Rule{
	ID:       "config-encoding",
	Severity: Error,
	Summary:  "config.json is UTF-8 without a byte order mark",
	Why:      "JSON readers refuse the file or show wrong characters.",
	Source:   "RFC 8259, section 8.1",
	Check: func(s *Subject, fs *Findings) {
		c := s.config()
		for _, d := range c.Defects {
			switch d.Kind {
			case connector.DefectBOM:
				fs.add(c.Path, d.At, d.Text, "Save the file as UTF-8 without BOM.")
			case connector.DefectUTF16:
				fs.add(c.Path, d.At, d.Text+", not UTF-8", "Save the file as UTF-8 without BOM.")
			case connector.DefectSurrogate:
				fs.add(c.Path, d.At, "an escape is one half of a surrogate pair, which is no character",
					"Write the character itself, or both halves, for example \\ud83d\\ude80.")
			case connector.DefectEncoding:
				fs.add(c.Path, d.At, "not valid UTF-8: "+d.Text, "Save the file as UTF-8.")
			}
		}
	},
}
