package glue

import (
	"slices"
	"strings"
)

// Clash says how bad a second copy of what Glue ships is.
type Clash string

// The kinds of clash, the worst first.
const (
	// Breaks: classes of both copies meet in one job, and casts, implicits or
	// service look-ups between them fail.
	Breaks Clash = "breaks"
	// MayClash: the copy that comes first on the class path serves both sides;
	// it is fine as long as their versions agree.
	MayClash Clash = "may clash"
)

// Shipped is a library on the class path of jobs.
type Shipped struct {
	Name string
	// Packages tell its classes by their package: com/example/ is that package
	// and all below it, com/example without the slash that package alone.
	// They are anchored: a relocated com/acme/shaded/io/netty/ is no match.
	Packages []string
	// Except are beginnings of packages within those which are not Glue's:
	// modules and extensions that others put there.
	Except []string
	// Core are classes without which the library does not work. A jar that has
	// one brings along the library itself, not an extension that lives in its
	// packages to reach what is private there, as Hudi, Delta, Iceberg and the
	// Cassandra connector do in org.apache.spark.
	Core  []string
	Clash Clash
	// Since and Until are the first and the last Glue version that ship it;
	// empty for no limit.
	Since, Until string
	// Versions are those AWS names, by Glue version, unless of has them from
	// [Version].
	Versions map[string]string
	of       func(Version) string
	// Note says what else to know.
	Note   string
	Source string
}

// Has tells whether a package, com/example/x, belongs to the library.
func (s Shipped) Has(pkg string) bool {
	under := func(p string) bool {
		if strings.HasSuffix(p, "/") {
			return strings.HasPrefix(pkg+"/", p)
		}
		return pkg == p
	}
	return slices.ContainsFunc(s.Packages, under) && !slices.ContainsFunc(s.Except, under)
}

// HasClass tells whether a class, com/example/X or com/example/X.class,
// belongs to the library.
func (s Shipped) HasClass(class string) bool {
	i := strings.LastIndexByte(class, '/')
	return i > 0 && s.Has(class[:i])
}

// BroughtBy tells whether the library itself is among the classes that has
// knows, and not only something in its packages.
func (s Shipped) BroughtBy(has func(class string) bool) bool {
	return slices.ContainsFunc(s.Core, has)
}

// ShippedBy tells whether a version ships it.
func (s Shipped) ShippedBy(v Version) bool {
	i := index(v.Name)
	return i >= 0 && (s.Since == "" || i >= index(s.Since)) && (s.Until == "" || i <= index(s.Until))
}

// VersionIn is the library's version on a version of Glue, "" if AWS names none.
func (s Shipped) VersionIn(v Version) string {
	if s.of != nil {
		return s.of(v)
	}
	return s.Versions[v.Name]
}
