package report

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"sync"
)

// Changes is what became of the jars between two images.
type Changes struct {
	Added    []Jar         `json:"added,omitempty"`
	Removed  []Jar         `json:"removed,omitempty"`
	Replaced []Replacement `json:"replaced,omitempty"`
	Same     int           `json:"same"` // jars that are the same, byte for byte
	Size     int64         `json:"size"` // bytes that the jars grew by
}

// Replacement is a jar with other content: under the same name, or under one
// that differs in the version only.
type Replacement struct {
	Was Jar `json:"was"`
	Is  Jar `json:"is"`
}

// jarVersion is what a jar's name ends in, from its first number that follows
// a mark: -1.2.3, _2.12-3.5.1-SNAPSHOT.
var jarVersion = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[-_.]v?[0-9].*$`) })

// same tells whether two jars have the same content: by SHA-256, or by the layer
// that each is alone in; of jars that share layers, by size.
func same(a, b Jar) bool {
	return a.SHA256 == b.SHA256 && a.Layer == b.Layer && a.Size == b.Size
}

// Compare tells what became of jars. Folders do not count: jars/a.jar of an image
// is a.jar of a connector.
func Compare(before, after []Jar) *Changes {
	c := &Changes{}
	before, after = byName(before), byName(after)
	for _, j := range before {
		c.Size -= j.Size
	}
	for _, j := range after {
		c.Size += j.Size
	}
	before, after = c.pair(before, after, func(j Jar) string { return path.Base(j.Name) })
	before, after = c.pair(before, after, func(j Jar) string {
		return jarVersion().ReplaceAllString(path.Base(j.Name[:len(j.Name)-len(path.Ext(j.Name))]), "")
	})
	c.Removed, c.Added = before, after
	slices.SortStableFunc(c.Replaced, func(a, b Replacement) int { return cmp.Compare(a.Is.Name, b.Is.Name) })
	return c
}

func byName(jars []Jar) []Jar {
	return slices.SortedStableFunc(slices.Values(jars), func(a, b Jar) int { return cmp.Compare(a.Name, b.Name) })
}

// pair takes out those that have the same key, if it is one jar's on both sides,
// and returns the rest.
func (c *Changes) pair(before, after []Jar, key func(Jar) string) (removed, added []Jar) {
	olds, news := index(before, key), index(after, key)
	for _, was := range before {
		k := key(was)
		if len(olds[k]) != 1 || len(news[k]) != 1 {
			removed = append(removed, was)
			continue
		}
		is := news[k][0]
		if same(was, is) && path.Base(was.Name) == path.Base(is.Name) {
			c.Same++
			continue
		}
		c.Replaced = append(c.Replaced, Replacement{was, is})
	}
	for _, is := range after {
		if k := key(is); len(olds[k]) != 1 || len(news[k]) != 1 {
			added = append(added, is)
		}
	}
	return removed, added
}

func index(jars []Jar, key func(Jar) string) map[string][]Jar {
	m := map[string][]Jar{}
	for _, j := range jars {
		m[key(j)] = append(m[key(j)], j)
	}
	return m
}
