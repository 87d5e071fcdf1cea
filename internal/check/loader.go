package check

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/classfile"
	"glue-connector/internal/glue"
	"glue-connector/internal/jar"
)

// A loader finds classes in the jars, as the JVM of a Java release does.
type loader struct {
	*jar.ClassPath
	classes map[string]*classfile.Class // read so far; nil for what is not there or cannot be read
	bad     map[string]string           // why what is there cannot be read
	kept    int                         // bytes of the classes
	entries *[]*classfile.Class         // see Subject.entries
	found   map[string]resolution       // see lookUp
	problem *problem                    // see entryProblem
	scala   *[]scalaUse                 // see scalaUses
	links   map[[2]int]bool             // see linksScala; all loaders' of a subject
}

// loader gives the one for a Java release. It keeps what it has read.
func (s *Subject) loader(java int) *loader {
	if s.loaders[java] == nil {
		if s.loaders == nil {
			s.loaders, s.links = map[int]*loader{}, map[[2]int]bool{}
		}
		path := s.classPath()
		path.Java = java
		s.loaders[java] = &loader{ClassPath: path, classes: map[string]*classfile.Class{}, bad: map[string]string{}, links: s.links, found: map[string]resolution{}}
	}
	return s.loaders[java]
}

// newest is the loader of the newest Java among the versions that are judged: a
// class that it lacks, none has.
func (s *Subject) newest() *loader {
	java := 0
	for _, v := range s.versions() {
		java = max(java, v.Java)
	}
	return s.loader(java)
}

// maxKept bounds the class files that a loader keeps, in bytes. Connectors keep a
// few megabytes.
const maxKept = 64 << 20

// load reads a class from the jars, nil if they do not have it or it cannot be
// read.
func (l *loader) load(name string) *classfile.Class {
	c, known := l.classes[name]
	if !known {
		if l.kept > maxKept {
			l.bad[name] = "the classes before it are more than can be looked at"
			return nil
		}
		if c = l.read(name); c != nil {
			l.kept += c.Size()
		}
		l.classes[name] = c
	}
	return c
}

// maxClass is the largest class that is looked at, in bytes: four times the
// largest that was found in a thousand jars.
const maxClass = 4 << 20

func (l *loader) read(name string) *classfile.Class {
	for _, place := range l.Class(name) {
		if c := l.readAt(place, name); c != nil {
			return c
		}
	}
	return nil
}

func (l *loader) readAt(place jar.Place, name string) *classfile.Class {
	b, defect := l.Archives[place.Archive].Open(place.Entry, maxClass)
	if defect != nil {
		l.bad[name] = defect.Detail
		return nil
	}
	var d classfile.Decoder
	c, err := d.ReadClass(bytes.NewReader(b))
	if err != nil {
		l.bad[name] = "its bytes are no class"
		return nil
	}
	return c
}

// maxClasses bounds the classes that one question looks at.
const maxClasses = 500

// ancestry is what the JVM loads together with a class: its superclasses and
// interfaces.
type ancestry struct {
	classes []*classfile.Class // from the jars, the class itself first
	names   map[string]bool    // all, the class itself too
	// missing are in none of the jars, and nothing that Glue could have;
	// outside are in none of the jars, and Glue may have them; broken are in
	// the jars and cannot be read.
	missing, outside, broken []string
	// circular tells that the class is its own ancestor.
	circular bool
}

func (l *loader) ancestry(c *classfile.Class) ancestry {
	a := ancestry{classes: []*classfile.Class{c}, names: map[string]bool{c.Name: true}}
	for i := 0; i < len(a.classes) && len(a.names) < maxClasses; i++ {
		for _, name := range append([]string{a.classes[i].Super}, a.classes[i].Interfaces...) {
			if name == "" || a.names[name] {
				a.circular = a.circular || name == c.Name
				continue
			}
			a.names[name] = true
			switch parent := l.load(name); {
			case glue.InJDK(name):
			case parent != nil:
				a.classes = append(a.classes, parent)
			case len(l.Class(name)) > 0:
				a.broken = append(a.broken, name)
			case glue.MayHave(name) && !torn(name, a.classes[i].Name):
				a.outside = append(a.outside, name)
			default:
				a.missing = append(a.missing, name)
			}
		}
	}
	return a
}

// misfit says what keeps the JVM from linking a class with one that it builds on:
// that is of another kind than when it was compiled (JVMS 5.3.5, 5.4.4).
func (a ancestry) misfit(l *loader) string {
	for _, c := range a.classes {
		on := func(parent, what string) string {
			return fmt.Sprintf("%s builds on %s, which %s", quote(c.Name), quote(parent), what)
		}
		if super := l.load(c.Super); super != nil {
			switch {
			case super.Flags.Interface():
				return on(c.Super, "is an interface")
			case super.Flags.Final():
				return on(c.Super, "is final")
			case !super.Flags.Public() && packageOf(c.Super) != packageOf(c.Name):
				return on(c.Super, "is not public")
			}
		}
		for _, name := range c.Interfaces {
			switch i := l.load(name); {
			case i == nil:
			case !i.Flags.Interface():
				return on(name, "is no interface")
			case !i.Flags.Public() && packageOf(name) != packageOf(c.Name):
				return on(name, "is not public")
			}
		}
	}
	return ""
}

// packageOf is the package of a class, "" if it has none.
func packageOf(class string) string { return class[:max(0, strings.LastIndexByte(class, '.'))] }

// torn tells that a class which is missing is in the package of one that builds
// on it: then the jar lacks it, whatever Glue has of another version. Packages of
// Apache's are extended by others.
func torn(missing, child string) bool {
	return packageOf(missing) == packageOf(child) && !strings.HasPrefix(missing, "org.apache.")
}

// is tells whether the class is of one of the types, and whether that is known
// for sure: an ancestor that only Glue has may be of them.
func (a ancestry) is(maybe func(outside string) bool, types ...string) (is, known bool) {
	for _, t := range types {
		if a.names[t] {
			return true, true
		}
	}
	return false, !slices.ContainsFunc(a.outside, maybe)
}

// reached calls f with classes and all that they can link to in the jars, the
// nearest first, until f returns false. It is bounded.
func (l *loader) reached(from []*classfile.Class, f func(*classfile.Class) bool) {
	seen := map[string]bool{}
	queue := slices.Clone(from)
	for _, c := range from {
		seen[c.Name] = true
	}
	for len(queue) > 0 {
		c := queue[0]
		queue = queue[1:]
		if !f(c) {
			return
		}
		for name := range c.Types() {
			if len(seen) >= maxClasses+len(from) {
				break
			}
			if seen[name] || glue.InJDK(name) {
				continue
			}
			seen[name] = true
			if next := l.load(name); next != nil {
				queue = append(queue, next)
			}
		}
	}
}

// maxCalls bounds how far a string is followed.
const maxCalls = 10

// constant tells the string that a method of a class always returns: declared
// by the class, or inherited, or taken from elsewhere in the jars.
func (l *loader) constant(c *classfile.Class, method, descriptor string) (text string, known bool) {
	v := classfile.Value{Kind: classfile.OfMethod, Class: c.Name, Name: method, Descriptor: descriptor}
	kin := l.ancestry(c)
	for range maxCalls {
		switch v.Kind {
		case classfile.Constant:
			return v.Text, true
		case classfile.OfMethod:
			if v.Virtual && kin.names[v.Class] {
				v.Class = c.Name // the object is most likely this one
			}
			v = l.returned(v)
		case classfile.OfField:
			of := l.load(v.Class)
			if of == nil {
				return "", false
			}
			v = of.FieldValue(v.Name)
		default:
			return "", false
		}
	}
	return "", false
}

// returned looks for a method in its class and then in the ancestors.
func (l *loader) returned(v classfile.Value) classfile.Value {
	c := l.load(v.Class)
	if c == nil {
		return classfile.Value{}
	}
	for _, a := range l.ancestry(c).classes {
		if m, ok := a.Method(v.Name, v.Descriptor); ok && !m.Flags.Abstract() {
			return a.Returned(v.Name, v.Descriptor)
		}
	}
	return classfile.Value{}
}
