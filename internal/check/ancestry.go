package check

import (
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/classfile"
	"glue-connector/internal/glue"
)

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
