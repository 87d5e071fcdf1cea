package check

import (
	"fmt"

	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
)

var jarSignature = Rule{
	ID:       "jar-signature",
	Severity: Error,
	Summary:  "no jar carries the signature of another one, and what is signed is as it was",
	Why:      "The first class that is loaded from it ends the job: SecurityException, Invalid signature file digest.",
	Source:   "JAR file specification, Signature Validation",
	Check: func(s *Subject, fs *Findings) {
		for _, j := range s.jars() {
			for _, b := range j.Archive.BrokenSignatures() {
				fs.add(j.Path, connector.Position{}, fmt.Sprintf("%s has the signature file %s, which %s", quote(j.Name), quote(b.File), b.Why),
					"Leave META-INF/*.SF, *.RSA, *.DSA and *.EC out when merging jars: a filter of the shading plug-in does it.")
			}
		}
		s.changedSince(fs)
	},
}

// changedSince looks at the classes that are loaded first: one that is not what
// was signed, or that was added to a package whose other classes are signed.
func (s *Subject) changedSince(fs *Findings) {
	const sign = "Sign the jar after everything else, or take its signature out."
	l := s.newest()
	type placed struct{ pkg, class string }
	signed := map[string]placed{} // by package
	var unsigned []placed
	for _, entry := range s.entries(l) {
		for _, c := range l.ancestry(entry).classes {
			places := l.Class(c.Name)
			if len(places) == 0 {
				continue // under another name than its own
			}
			at := places[0]
			a := l.Archives[at.Archive]
			p := placed{packageOf(c.Name), c.Name}
			switch a.Signing(at.Entry) {
			case jar.Changed:
				fs.add(s.jars()[at.Archive].Path, connector.Position{}, fmt.Sprintf("%s of %s is not what was signed", quote(c.Name), quote(a.Name)), sign)
			case jar.Signed:
				signed[p.pkg] = p
			default:
				unsigned = append(unsigned, p)
			}
		}
	}
	for _, p := range unsigned {
		if other, ok := signed[p.pkg]; ok {
			fs.add("", connector.Position{}, fmt.Sprintf("%s is not signed, and %s of the same package is: the JVM takes the first that it loads and refuses the other", quote(p.class), quote(other.class)), sign)
		}
	}
}
