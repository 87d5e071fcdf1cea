package jar

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// ClassPath is a set of archives, as a Glue job has them: all in one class
// loader, in an order that nobody promises.
type ClassPath struct {
	Archives []Named
	// Java is the release of the JVM. From 9 on it looks into META-INF/versions
	// of multi-release archives, too; 0 is for one that does not.
	Java int

	// byPackage are the archives that have a package, and anywhere those whose
	// packages do not tell; made when they are first needed.
	byPackage map[string][]int
	anywhere  []int
}

// Named is an archive with the name that people know it by.
type Named struct {
	Name string
	*Archive
}

// Place is an entry of one of the archives.
type Place struct {
	Archive int // index
	Entry   string
}

// Lookup finds the archives that have an entry of exactly this name.
func (c *ClassPath) Lookup(entryName string) []Place {
	var all []Place
	for i, a := range c.Archives {
		if a.Has(entryName) {
			all = append(all, Place{i, entryName})
		}
	}
	return all
}

// Class finds a class by its name with dots, in each archive the entry that the
// JVM takes (JAR file specification, "Multi-release JAR files").
func (c *ClassPath) Class(name string) []Place {
	if c.byPackage == nil {
		c.indexPackages()
	}
	entryName := EntryName(name)
	var all []Place
	look := func(i int) {
		if entry, ok := c.Archives[i].EntryFor(entryName, c.Java); ok {
			all = append(all, Place{i, entry})
		}
	}
	for _, i := range c.byPackage[entryName[:max(0, strings.LastIndexByte(entryName, '/'))]] {
		look(i)
	}
	for _, i := range c.anywhere {
		look(i)
	}
	slices.SortFunc(all, func(a, b Place) int { return cmp.Compare(a.Archive, b.Archive) })
	return all
}

func (c *ClassPath) indexPackages() {
	c.byPackage = map[string][]int{}
	for i, a := range c.Archives {
		if a.Manifest.MultiRelease || len(a.Packages) == maxPackages {
			c.anywhere = append(c.anywhere, i)
			continue
		}
		for name := range a.Packages {
			c.byPackage[name] = append(c.byPackage[name], i)
		}
	}
}

// EntryName is the path at which a class loader looks for a class.
func EntryName(class string) string { return strings.ReplaceAll(class, ".", "/") + ".class" }

// Near lists classes whose names a publisher may have meant: equal but for
// case, the same simple name in another package, or a nested class written
// with a dot. At most most of them, the likeliest first.
func (c *ClassPath) Near(class string, most int) []string {
	simple := class[strings.LastIndex(class, ".")+1:]
	rank := map[string]int{}
	for _, a := range c.Archives {
		a.Names(func(entryName string) bool {
			name, ok := ClassName(entryName)
			if !ok {
				return true
			}
			last := name[strings.LastIndex(name, ".")+1:]
			switch {
			case strings.EqualFold(name, class):
				rank[name] = 0
			case strings.EqualFold(strings.ReplaceAll(name, "$", "."), class):
				rank[name] = 1
			case strings.EqualFold(last, simple) && !strings.Contains(last, "$"):
				rank[name] = 2
			}
			return len(rank) < 1000
		})
	}
	names := slices.SortedFunc(maps.Keys(rank), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(a, b))
	})
	// What differs by case alone leaves no doubt.
	if len(names) > 0 && rank[names[0]] < 2 {
		names = slices.DeleteFunc(names, func(n string) bool { return rank[n] > rank[names[0]] })
	}
	return names[:min(most, len(names))]
}

// Clash is a class that two archives have with different bytes.
type Clash struct {
	Archives [2]int
	Count    int    // of such classes
	Example  string // one of them
}

// Clashes finds classes that two archives have with different bytes: which one
// a job gets is not determined. Each pair of archives is reported once.
func (c *ClassPath) Clashes() []Clash {
	type origin struct {
		archive   int
		crc, size uint32
	}
	// The indexes are sorted by hash, and taken a part at a time: what has to be
	// remembered of half a million classes would be the most of a run's memory.
	const parts, shift = 64, 64 - 6
	next := make([]int, len(c.Archives))
	first := map[uint64]origin{}
	pairs := map[[2]int]*Clash{}
	for part := range uint64(parts) {
		clear(first)
		for i, a := range c.Archives {
			for ; next[i] < len(a.index) && a.index[next[i]].hash>>shift <= part; next[i]++ {
				x := a.index[next[i]]
				if o, ok := first[x.hash]; !ok {
					first[x.hash] = origin{i, x.crc, x.size}
				} else if o.archive != i && (o.crc != x.crc || o.size != x.size) {
					a.clash(pairs, [2]int{o.archive, i}, x)
				}
			}
		}
	}
	return slices.SortedFunc(func(yield func(Clash) bool) {
		for _, p := range pairs {
			if !yield(*p) {
				return
			}
		}
	}, func(a, b Clash) int {
		return cmp.Or(cmp.Compare(a.Archives[0], b.Archives[0]), cmp.Compare(a.Archives[1], b.Archives[1]))
	})
}

// clash counts an entry that differs from one of the same name, if it is a class.
func (a *Archive) clash(pairs map[[2]int]*Clash, pair [2]int, x indexed) {
	name, class := a.classAt(x)
	if !class {
		return
	}
	if p := pairs[pair]; p != nil {
		p.Count++
		return
	}
	pairs[pair] = &Clash{pair, 1, name}
}

// classAt gives the name of the class at an index entry.
func (a *Archive) classAt(x indexed) (string, bool) {
	e, ok := a.directory.at(a.content, int64(x.position))
	if !ok {
		return "", false
	}
	return ClassName(e.name)
}
