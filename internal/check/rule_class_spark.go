package check

import (
	"fmt"
	"strings"

	"glue-connector/internal/classfile"
	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
	"glue-connector/internal/jar"
)

var classSpark = Rule{
	ID:       "class-spark",
	Severity: Error,
	Summary:  "a Spark connector's class name leads Spark to a data source in the jars",
	Why:      "Spark looks for an alias, a class, and a package with DefaultSource: the customer's job ends with Failed to find data source.",
	Source:   "Spark, DataSource.lookupDataSource",
	Check:    func(s *Subject, fs *Findings) { s.reportEntry(fs, connector.TypeSpark) },
}

// sourceProblem says why a name does not lead Spark to a data source.
func (s *Subject) sourceProblem(l *loader, name string) problem {
	switch r := lookUp(l, name); {
	case len(r.aliased) > 1:
		return problem{Error, fmt.Sprintf("the alias %s stands for several data sources: %s and %s", quote(name), quote(r.aliased[0]), quote(r.aliased[1])),
			"Leave one of the jars out, or name the class instead of the alias."}
	case r.class != nil:
		if message, advice := notDataSource(l, r); message != "" {
			return problem{Error, message, advice}
		}
		return problem{}
	case len(r.unknown) > 0:
		return problem{Warning, fmt.Sprintf("whether %s is the alias of %s is unknown: its shortName is computed", quote(name), quote(r.unknown[0])),
			"Name the class instead of the alias to have it checked."}
	case r.unreadable != "":
		return problem{Error, fmt.Sprintf("class %s cannot be read: %s", quote(r.unreadable), l.bad[r.unreadable]), "Build the jar again."}
	}
	return problem{Error, fmt.Sprintf("%s is no alias, no class and no package with a DefaultSource in the jars", quote(name)), s.howToRegister(l, name)}
}

// notDataSource says why Spark cannot use the class that a name leads to.
func notDataSource(l *loader, r resolution) (problem, advice string) {
	var interfaces []string
	for _, i := range glue.DataSourceInterfaces {
		interfaces = append(interfaces, i.Name)
	}
	kin := l.ancestry(r.class)
	if is, known := kin.is(glue.MayBeSource, interfaces...); !is && known && len(kin.missing)+len(kin.broken) == 0 {
		return fmt.Sprintf("%s is no data source of Spark", quote(r.class.Name)),
			"Name the class that implements TableProvider, RelationProvider or another provider; a catalog plug-in is none."
	}
	return unloadable(l, r.class, r.name)
}

// howToRegister is advice about a name that leads nowhere: it may be the alias
// of a class that no service file names, or a misspelt class.
func (s *Subject) howToRegister(l *loader, name string) string {
	looked := 0
	for i, a := range l.Archives {
		class := ""
		a.Names(func(entry string) bool {
			candidate, ok := jar.ClassName(entry)
			if !ok || strings.Contains(candidate, "$") {
				return true
			}
			if looked++; looked > 20*maxClasses {
				return false
			}
			if c := l.read(candidate); c != nil && !c.Flags.Abstract() && c.Declares(shortName, toString) {
				if alias, known := l.constant(c, shortName, toString); known && strings.EqualFold(alias, name) {
					class = candidate
				}
			}
			return class == ""
		})
		if class != "" {
			return fmt.Sprintf("%s of %s has this alias, and no service file names it: add the line to %s in the jar.", quote(class), quote(s.jars()[i].Name), glue.RegisterFile)
		}
	}
	for _, alias := range aliases(l) {
		if distance(strings.ToLower(alias), strings.ToLower(name)) <= 2 {
			return fmt.Sprintf("Did you mean the alias %s?", quote(alias))
		}
	}
	return didYouMean(l.ClassPath, name, "For an alias, the jar needs "+glue.RegisterFile+" with the class whose shortName it is.")
}

// aliases are those of the data sources that are registered, as far as they can
// be told.
func aliases(l *loader) []string {
	var all []string
	for _, c := range l.registered() {
		if alias, known := l.constant(c, shortName, toString); known {
			all = append(all, alias)
		}
	}
	return all
}

// The method by which a data source tells its alias.
const (
	shortName = "shortName"
	toString  = "()Ljava/lang/String;"
)

// resolution is what Spark makes of a name.
type resolution struct {
	class      *classfile.Class
	name       string   // that the class was found by
	aliased    []string // the classes that have the name as alias
	unknown    []string // registered classes whose alias is not a constant
	unreadable string   // a class of that name whose bytes are none
}

func lookUp(l *loader, name string) resolution {
	r, known := l.found[name]
	if !known {
		r = l.lookUp(name)
		l.found[name] = r
	}
	return r
}

func (l *loader) lookUp(name string) resolution {
	var r, own resolution // own: by classes in Spark's package, one of which wins
	for _, provider := range providers(l.ClassPath, glue.RegisterInterface) {
		c := l.load(provider)
		if c == nil {
			continue // spark-service tells
		}
		switch alias, known := l.constant(c, shortName, toString); {
		case !known:
			r.unknown = append(r.unknown, provider)
		case strings.EqualFold(alias, name):
			r.aliased, r.class, r.name = append(r.aliased, provider), c, provider
			if strings.HasPrefix(provider, "org.apache.spark") {
				own.aliased, own.class, own.name = append(own.aliased, provider), c, provider
			}
		}
	}
	if len(own.aliased) == 1 {
		return own
	}
	for _, n := range []string{name, name + "." + glue.DefaultSource} {
		if r.class != nil {
			break
		}
		if r.class, r.name = l.load(n), n; r.class == nil && len(l.Class(n)) > 0 {
			r.unreadable = n
		}
	}
	return r
}

// providers lists the classes that service files name, once each.
func providers(path *jar.ClassPath, service string) []string {
	var all []string
	seen := map[string]bool{}
	for _, a := range path.Archives {
		for _, s := range a.Services {
			if s.Interface == service && s.Bad == "" && !seen[s.Provider] {
				seen[s.Provider] = true
				all = append(all, s.Provider)
			}
		}
	}
	return all
}
