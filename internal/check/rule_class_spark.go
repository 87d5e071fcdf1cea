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
	Check: func(s *Subject, fs *Findings) {
		name, connectorType, ok := s.entryClass()
		if t, _ := connector.LinkType(connectorType); !ok || t != connector.TypeSpark {
			return
		}
		path := s.classPath()
		at, file := s.classNameAt()
		r := lookUp(path, name)
		switch {
		case len(r.aliased) > 1:
			fs.add(file, at, fmt.Sprintf("the alias %s stands for several data sources: %s and %s", quote(name), quote(r.aliased[0]), quote(r.aliased[1])),
				"Leave one of the jars out, or name the class instead of the alias.")
		case r.class != nil:
			if kin := isOne(path, r.class, dataSources()...); !kin.is && len(kin.outside) == 0 {
				fs.add(file, at, fmt.Sprintf("%s is no data source of Spark", quote(r.class.Name)),
					"Name the class that implements TableProvider, RelationProvider or another provider; a catalog plug-in is none.")
			}
		case len(r.unknown) > 0:
			fs.addAs(Warning, file, at, fmt.Sprintf("whether %s is the alias of %s is unknown: its shortName is computed", quote(name), quote(r.unknown[0])),
				"Name the class instead of the alias to have it checked.")
		default:
			fs.add(file, at, fmt.Sprintf("%s is no alias, no class and no package with a DefaultSource in the jars", quote(name)),
				didYouMean(path, name, "For an alias, the jar needs "+glue.RegisterFile+" with the class whose shortName it is."))
		}
	},
}

// dataSources names the interfaces by which some Spark uses what it has found.
func dataSources() []string {
	var names []string
	for _, i := range glue.DataSourceInterfaces {
		names = append(names, i.Name)
	}
	return names
}

// resolution is what Spark makes of a name.
type resolution struct {
	class   *classfile.Class
	aliased []string // the classes that have the name as alias
	unknown []string // registered classes whose alias is not a constant
}

func lookUp(path *jar.ClassPath, name string) resolution {
	var r resolution
	for _, provider := range providers(path, glue.RegisterInterface) {
		c := load(path, provider)
		if c == nil {
			continue // spark-service tells
		}
		switch alias, known := c.ConstantString("shortName", "()Ljava/lang/String;"); {
		case !known:
			r.unknown = append(r.unknown, provider)
		case strings.EqualFold(alias, name):
			r.aliased = append(r.aliased, provider)
			r.class = c
		}
	}
	for _, n := range []string{name, name + "." + glue.DefaultSource} {
		if r.class == nil {
			r.class = load(path, n)
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
