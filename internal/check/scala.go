package check

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"glue-connector/internal/classfile"
	"glue-connector/internal/glue"
	"glue-connector/internal/jar"
)

// otherScala finds what is for another Scala: jars that use Scala's library, by the
// name of the file or of the Maven artifact that a jar consists of, a Scala library
// that a jar brings along, and classes by what they use of it.
func (s *Subject) otherScala(l *loader, v glue.Version) (no, unknown []string) {
	for i, a := range l.Archives {
		scala, ok := glue.ScalaOf(a.Name)
		if !ok && len(a.Maven) == 1 {
			scala, ok = glue.ScalaOf(a.Maven[0].Artifact)
		}
		if ok && scala != v.Scala && l.linksScala(i, 1000) {
			no = append(no, fmt.Sprintf("%s is for Scala %s", quote(a.Name), scala))
		} else if scala, has := glue.ScalaBinary(a.ScalaLibrary); has && scala != v.Scala {
			no = append(no, fmt.Sprintf("%s brings along the library of Scala %s", quote(a.Name), scala))
		}
	}
	if len(no) > 0 {
		return no, nil
	}
	for _, u := range s.scalaUses(l) {
		if slices.Contains(u.versions, v.Scala) {
			continue
		}
		message := fmt.Sprintf("%s uses %s, which is in Scala %s only", quote(u.class), quote(u.uses), strings.Join(u.versions, " and "))
		if u.reached {
			return []string{message}, nil
		}
		unknown = append(unknown[:0], message)
	}
	return nil, unknown
}

// A scalaUse is a class that uses something of Scala's library which not every
// binary version has.
type scalaUse struct {
	class, uses string
	versions    []string
	reached     bool // from the entry class: what nothing leads to may never be loaded
}

// scalaLook is how many classes of a jar are looked into for whether it has Scala
// code, and scalaSample is how many classes of a jar are looked into for what they use.
const (
	scalaLook   = 10
	scalaSample = 200
)

// scalaUses looks at what the entry classes lead to, and into each jar that has
// Scala code and does not say for which Scala. It gives one use for each set of
// versions.
func (s *Subject) scalaUses(l *loader) []scalaUse {
	if l.scala != nil {
		return *l.scala
	}
	l.scala = &[]scalaUse{}
	seen := map[string]bool{}
	look := func(reached bool) func(c *classfile.Class) bool {
		return func(c *classfile.Class) bool {
			for name := range c.Types() {
				with := glue.ScalaWith(name)
				key := strings.Join(with, " ")
				if key != "" && !seen[key] && len(l.Class(name)) == 0 {
					seen[key] = true
					*l.scala = append(*l.scala, scalaUse{c.Name, name, with, reached})
				}
			}
			return true
		}
	}
	l.reached(append(s.entries(l), l.registered()...), look(true))
	l.linkAll()
	for i, a := range l.Archives {
		if _, named := glue.ScalaOf(a.Name); !named && l.linksScala(i, scalaLook) {
			l.sample(i, spread(l.classEntries(i), scalaSample), look(false))
		}
	}
	return *l.scala
}

// linksScala tells whether a jar has code that uses Scala's library, Java's
// included: by the names that scalac gives to objects, closures and the code of
// traits, or by some of its classes.
func (l *loader) linksScala(archive, some int) bool {
	key := [2]int{archive, some}
	if links, known := l.links[key]; known {
		return links
	}
	l.links[key] = l.usesScala(archive, some)
	return l.links[key]
}

// linkAll answers it for all jars whose names do not, as many at a time as there
// are processors.
func (l *loader) linkAll() {
	found := make([]bool, len(l.Archives))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range l.Archives {
		if _, known := l.links[[2]int{i, scalaLook}]; known {
			continue
		}
		group.Go(func() error {
			found[i] = l.usesScala(i, scalaLook)
			return nil
		})
	}
	_ = group.Wait() // none fails
	for i, links := range found {
		if key := [2]int{i, scalaLook}; !l.links[key] {
			l.links[key] = links
		}
	}
}

func (l *loader) usesScala(archive, some int) bool {
	a := l.Archives[archive]
	if a.ScalaNames {
		return true
	}
	entries := a.Classes
	if some > jar.MaxClasses {
		entries = func(n int) []string { return spread(l.classEntries(archive), n) }
	}
	found := false
	l.sample(archive, entries(some), func(c *classfile.Class) bool {
		found = c.Scala()
		for name := range c.Types() {
			found = found || strings.HasPrefix(name, "scala.")
		}
		return !found
	})
	return found
}

func (l *loader) classEntries(archive int) []string {
	var entries []string
	l.Archives[archive].Names(func(entry string) bool {
		if _, ok := jar.ClassName(entry); ok {
			entries = append(entries, entry)
		}
		return true
	})
	return entries
}

// spread gives about n of all, evenly.
func spread(all []string, n int) (some []string) {
	step := max(1, len(all)/n)
	for i := 0; i < len(all); i += step {
		some = append(some, all[i])
	}
	return some
}

// namesScala tells class files that can use Scala's library, or come from Scala's
// compiler, by the bytes of such names. The most by far cannot, and to look at the
// bytes takes less than to decode them.
func namesScala(file []byte) bool {
	for _, name := range []string{"scala/", "Scala", "TASTY"} { // see classfile.Class.Scala
		if bytes.Contains(file, []byte(name)) {
			return true
		}
	}
	return false
}

// sample looks into classes of an archive and calls f with those that name Scala,
// until it returns false. They are that archive's own, whatever the JVM would find
// first: to ask all archives for each is what takes the time.
func (l *loader) sample(archive int, entries []string, f func(*classfile.Class) bool) {
	for _, entry := range entries {
		entry, ok := l.Archives[archive].EntryFor(entry, l.Java)
		if !ok {
			continue // named where only a newer JVM looks
		}
		if c, _ := l.look(jar.Place{Archive: archive, Entry: entry}, namesScala); c != nil && !f(c) {
			return
		}
	}
}
