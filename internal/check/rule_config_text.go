package check

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"glue-connector/internal/connector"
)

var configText = Rule{
	ID:       "config-text",
	Severity: Error,
	Summary:  "no value of config.json holds control or invisible characters",
	Why:      "Such characters break logs and forms, and can make a text look like another one.",
	Source:   "AWS Marketplace Catalog API: \"Remove unsupported characters\"",
	Check: func(s *Subject, fs *Findings) {
		c := s.config()
		for _, m := range c.Members {
			if m.Value.Kind != connector.String || blank(m.Value.Text) {
				continue // config-value says that it is blank
			}
			r, severity, found := hiddenInValue(m.Value.Text, slices.Contains(proseKeys, m.Name))
			if found {
				fs.addAs(severity, c.Path, m.Value.At, fmt.Sprintf("the value of %s holds the invisible character %U", quote(m.Name), r),
					"Remove it; write the text on one line.")
			}
		}
	},
}

// proseKeys are read by people only.
var proseKeys = []string{connector.KeyPublisherName, connector.KeyDescription, connector.KeySupportInformation}

// hiddenInValue finds an invisible character and says how bad it is. In prose,
// which may be in any language, joiners within a word or an emoji and the
// direction marks of right-to-left scripts are part of the text; a line break
// or a soft hyphen there breaks nothing, and what acts on its surroundings, a
// colour code or a change of direction, is an attack.
func hiddenInValue(s string, prose bool) (rune, Severity, bool) {
	if !prose {
		r, ok := hidden(s)
		return r, Error, ok
	}
	for _, r := range s {
		if acts(r) {
			return r, Error, true
		}
	}
	marks := strings.ContainsFunc(s, rightToLeft)
	previous := ' '
	for _, r := range s {
		joins := (r == zwnj || r == zwj) && previous > unicode.MaxASCII
		mark := marks && (r == lrm || r == rlm || r == alm)
		if _, ok := hidden(string(r)); ok && !joins && !mark {
			return r, Warning, true
		}
		previous = r
	}
	return 0, "", false
}

const (
	zwnj, zwj     = '\u200c', '\u200d'
	lrm, rlm, alm = '\u200e', '\u200f', '\u061c'
)

// acts tells control characters but the blank ones, and those that override,
// embed or isolate the direction of the text after them.
func acts(r rune) bool {
	return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r", r) ||
		unicode.Is(unicode.Bidi_Control, r) && r != lrm && r != rlm && r != alm
}

func rightToLeft(r rune) bool {
	return unicode.IsLetter(r) && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}
