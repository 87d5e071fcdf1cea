package check

import (
	"fmt"
	"slices"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
)

// Answer is whether a connector can be loaded.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Verdict says whether a Glue version can load the connector.
type Verdict struct {
	Glue    string   `json:"glue"`
	Runs    string   `json:"runs"` // what decides: Spark 3.5.6, Scala 2.12, Java 17
	Loads   Answer   `json:"loads"`
	Reasons []string `json:"reasons,omitempty"` // why not yes; may quote untrusted text, in ASCII
}

// Verdicts judges the connector for the versions that are asked for, or else
// for those in service: what no version can load, none does. There are none
// without jars.
func Verdicts(s *Subject) []Verdict {
	if len(s.jars()) == 0 {
		return nil
	}
	broken, doubt := s.unloadable(), s.doubt()
	var all []Verdict
	for _, v := range s.versions() {
		fit := s.fit(v)
		out := Verdict{Glue: v.Name, Runs: runs(v), Loads: Yes}
		switch no := slices.Concat(broken, fit.no); {
		case len(no) > 0:
			out.Loads, out.Reasons = No, no
		case len(s.entries(s.loader(v.Java))) == 0:
			out.Loads, out.Reasons = Unknown, []string{"the entry class could not be told from the jars"}
		case doubt != "":
			out.Loads, out.Reasons = Unknown, []string{doubt}
		case len(fit.unknown) > 0:
			out.Loads, out.Reasons = Unknown, fit.unknown
		}
		all = append(all, out)
	}
	return all
}

func runs(v glue.Version) string {
	return fmt.Sprintf("Spark %s, Scala %s, Java %d", v.Spark, v.Scala, v.Java)
}

// versions are those to judge for.
func (s *Subject) versions() []glue.Version {
	if len(s.Glue) > 0 {
		return s.Glue
	}
	return glue.InService()
}

// doubt says why it is not known what Glue makes of the entry class, "" if it is.
func (s *Subject) doubt() string {
	_, connectorType, _ := s.entryClass()
	if _, known := connector.LinkType(connectorType); !known {
		return fmt.Sprintf("the connector type %s is none that Glue's guide knows", quote(connectorType))
	}
	fs := &Findings{rule: &classAthena}
	if classAthena.Check(s, fs); len(fs.list) > 0 {
		return fs.list[0].Message
	}
	return ""
}

// unloadable says why no version can load the connector: what the rules about
// loading find, the first of each.
func (s *Subject) unloadable() []string {
	if _, _, ok := s.entryClass(); !ok {
		return []string{"no entry class is named"}
	}
	var reasons []string
	for _, r := range []*Rule{&classJDBC, &classSpark, &jarArchive, &jarManifest, &jarSignature, &sparkService} {
		fs := &Findings{rule: r}
		r.Check(s, fs)
		if i := slices.IndexFunc(fs.list, func(f Finding) bool { return f.Severity == Error }); i >= 0 {
			reasons = append(reasons, fs.list[i].Message)
		}
	}
	return reasons
}
