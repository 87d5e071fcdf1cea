package check

import (
	"fmt"

	"glue-connector/internal/classfile"
	"glue-connector/internal/connector"
	"glue-connector/internal/jar"
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
					replaceKey)
			}
		}
		s.secretsInCode(fs)
	},
}

const replaceKey = "Take it out of the build, and replace the key: consider it known."

// secretsInCode looks at the string constants of what the entry classes lead to,
// and of their packages: the publisher's own code, most likely.
func (s *Subject) secretsInCode(fs *Findings) {
	l := s.newest()
	reported := map[string]bool{}
	look := func(c *classfile.Class) bool {
		for text := range c.Strings() {
			if reported[c.Name] {
				break
			}
			what, found := jar.FindSecret([]byte(text))
			if places := l.Class(c.Name); found && len(places) > 0 {
				reported[c.Name] = true
				j := s.jars()[places[0].Archive]
				fs.add(j.Path, connector.Position{}, fmt.Sprintf("%s holds %s in the class %s", quote(j.Name), what, quote(c.Name)), replaceKey)
			}
		}
		return true
	}
	l.reached(s.entries(l), look)
	for _, entry := range s.entries(l) {
		for _, c := range l.besides(entry) {
			look(c)
		}
	}
}

// besides are the classes of a class's package, in the jars that have it, up to
// maxClasses.
func (l *loader) besides(entry *classfile.Class) []*classfile.Class {
	var all []*classfile.Class
	for _, place := range l.Class(entry.Name) {
		l.Archives[place.Archive].Names(func(name string) bool {
			if class, ok := jar.ClassName(name); ok && packageOf(class) == packageOf(entry.Name) {
				if c := l.load(class); c != nil {
					all = append(all, c)
				}
			}
			return len(all) < maxClasses
		})
	}
	return all
}
