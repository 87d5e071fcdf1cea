package check

import (
	"bytes"
	"slices"
	"strings"

	"glue-connector/internal/classfile"
	"glue-connector/internal/jar"
)

// load reads a class from the jars, nil if they do not have it or it cannot be
// read; other rules say why.
func load(path *jar.ClassPath, name string) *classfile.Class {
	for _, place := range path.Class(name) {
		b, defect := path.Archives[place.Archive].Open(place.Entry, classfile.MaxSize)
		if defect != nil {
			continue
		}
		var d classfile.Decoder
		if c, err := d.ReadClass(bytes.NewReader(b)); err == nil {
			return c
		}
	}
	return nil
}

// maxAncestors bounds the classes that one question looks at.
const maxAncestors = 500

// kinship is the answer to whether a class is of a type.
type kinship struct {
	is bool
	// outside are ancestors that are in none of the jars: Glue may have them,
	// and they may be of the type.
	outside []string
}

// isOne tells whether a class is, through superclasses and interfaces, one of
// some types.
func isOne(path *jar.ClassPath, c *classfile.Class, types ...string) kinship {
	var k kinship
	seen := map[string]bool{c.Name: true}
	queue := append([]string{c.Super}, c.Interfaces...)
	for len(queue) > 0 && len(seen) < maxAncestors {
		name := queue[0]
		queue = queue[1:]
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		if slices.Contains(types, name) {
			return kinship{is: true}
		}
		if strings.HasPrefix(name, "java.") {
			continue
		}
		if parent := load(path, name); parent != nil {
			queue = append(append(queue, parent.Super), parent.Interfaces...)
		} else {
			k.outside = append(k.outside, name)
		}
	}
	return k
}

// entryClass is the class name that the link and the config give, with the
// connector's type; ok is false if there is none that makes sense.
func (s *Subject) entryClass() (name, connectorType string, ok bool) {
	if len(s.jars()) == 0 {
		return "", "", false
	}
	name, connectorType = s.config().Text("classname"), s.config().Text("connectortype")
	if l, hasLink := s.link(); hasLink {
		if l.ClassName != "" {
			name = l.ClassName
		}
		if l.Type != "" {
			connectorType = l.Type
		}
	}
	return name, connectorType, name != "" && classNameProblem(name, connectorType) == ""
}

// didYouMean is advice about a class that was not found.
func didYouMean(path *jar.ClassPath, name, otherwise string) string {
	near := path.Near(name, 3)
	if len(near) == 0 {
		return otherwise
	}
	var quoted []string
	for _, n := range near {
		quoted = append(quoted, quote(n))
	}
	return "Did you mean " + strings.Join(quoted, " or ") + "?"
}
