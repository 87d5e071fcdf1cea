package check

import (
	"bytes"
	"slices"
	"sync"

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
	c, problem := l.look(place, nil)
	if problem != "" {
		l.bad[name] = problem
	}
	return c
}

// A looker is the memory that a look takes, for one after the other.
type looker struct {
	bytes   bytes.Buffer
	decoder classfile.Decoder
}

// keptBytes is the largest buffer that is kept for the next look, in bytes.
const keptBytes = 256 << 10

var lookers = sync.Pool{New: func() any { return &looker{} }}

// look reads a class and keeps nothing; several may do it at a time. A class whose
// bytes are not wanted is none, and no problem.
func (l *loader) look(place jar.Place, wanted func([]byte) bool) (c *classfile.Class, problem string) {
	k := lookers.Get().(*looker)
	defer func() {
		if k.bytes.Cap() <= keptBytes {
			lookers.Put(k)
		}
	}()
	k.bytes.Reset()
	if defect := l.Archives[place.Archive].Read(place.Entry, maxClass, &k.bytes); defect != nil {
		return nil, defect.Detail
	}
	if wanted != nil && !wanted(k.bytes.Bytes()) {
		return nil, ""
	}
	c, err := k.decoder.ReadClass(&k.bytes)
	if err != nil {
		return nil, "its bytes are no class"
	}
	return c, ""
}

// maxClasses bounds the classes that one question looks at.
const maxClasses = 500

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
