package trial

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"glue-connector/internal/connector"
)

// tests reads what a plan says of the guide's tests.
func (r *parser) tests(n *yaml.Node) {
	for _, f := range r.fields(n, "tests") {
		t, ok := Find(f.name)
		if !ok {
			r.problem(at(f.key), near(f.name, testNames(), "The tests are "+strings.Join(testNames(), ", ")+"; tests of your own stand under own-tests."), "the guide has no test %s", quote(f.name))
			continue
		}
		c := r.testCase(f)
		if !c.Off && !contains(t.Kinds(), r.plan.Kind) {
			r.problem(at(f.key), "Leave it out.", "%s does not apply to a connector of type %s: it is for %s", f.name, r.plan.Kind, kinds(t.Kinds()))
			continue
		}
		if t.Name != "DataSink" && c.Sink != nil {
			r.problem(at(f.key), "Only DataSink writes.", "%s has no sink", f.name)
			c.Sink = nil
		}
		r.plan.Tests[t.Name] = c
	}
}

// testCase is false, to leave the test out, or a mapping.
func (r *parser) testCase(f field) Case {
	c := Case{Name: f.name, At: at(f.key)}
	if f.value.Kind == yaml.ScalarNode && f.value.Tag == "!!bool" {
		c.Off = strings.EqualFold(f.value.Value, "false")
		return c
	}
	r.keyed(f.value, f.name, map[string]func(field){
		"options": func(o field) { c.Options = r.options(o.value, "options") },
		"sink":    func(o field) { c.Sink = r.options(o.value, "sink") },
		"expect":  func(o field) { c.Expect = r.expect(o.value) },
	})
	return c
}

var ownName = re(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`)

func (r *parser) own(n *yaml.Node) {
	for _, f := range r.fields(n, "own-tests") {
		if _, taken := Find(strings.TrimSuffix(f.name, "Test")); taken || !ownName().MatchString(f.name) {
			r.problem(at(f.key), "Use letters, digits, dashes and underscores, at most 64, and no name of the guide's.", "%s is no name for a test of your own", quote(f.name))
			continue
		}
		c := r.testCase(f)
		if c.Off {
			continue
		}
		if c.Sink != nil {
			r.problem(at(f.key), "Tests of your own read; DataSink writes.", "%s has no sink", quote(f.name))
			continue
		}
		r.plan.Own = append(r.plan.Own, c)
	}
}

// options reads a data source's options. A text is kept as it is written, so
// that 0123 and 1e3 stay what they are.
func (r *parser) options(n *yaml.Node, what string) []Option {
	all := []Option{}
	for _, f := range r.fields(n, what) {
		o := Option{Name: f.name, At: at(f.key)}
		switch {
		case strings.TrimSpace(f.name) == "" || strings.ContainsFunc(f.name, hidden):
			r.problem(at(f.key), "Write the option's name as the connector's documentation has it.", "%s is no name of an option", quote(f.name))
			continue
		case f.value.Kind == yaml.MappingNode:
			for _, inner := range r.fields(f.value, f.name) {
				if text, ok := r.scalar(inner); ok && r.literal(inner, text) {
					o.Map = append(o.Map, Option{Name: inner.name, Value: text, At: at(inner.key)})
				}
			}
		default:
			if r.reserved(f) {
				continue
			}
			// One with a problem is there all the same, so that nobody misses it.
			if text, ok := r.scalar(f); ok && r.literal(f, text) {
				o.Value = text
			}
		}
		all = append(all, o)
	}
	return all
}

// reserved are the options that the scripts fill in.
func (r *parser) reserved(f field) bool {
	advice := map[string]string{
		"className":      "It is classname in config.json.",
		"connectionName": "Write it under connection.",
		"secretId":       "Write it under secret.",
	}[f.name]
	if advice != "" {
		r.problem(at(f.key), advice, "%s is no option of a plan", f.name)
	}
	return advice != ""
}

var (
	secretID = re(`^[A-Za-z0-9/_+=.@:-]+$`)
	variable = re(`^[A-Za-z_][A-Za-z0-9_]{0,255}$`)
)

// secret is the name of a secret in AWS Secrets Manager, or a mapping with id
// and env.
func (r *parser) secret(f field) Secret {
	s := Secret{At: at(f.key)}
	id := func(f field) {
		text, ok := r.scalar(f)
		if ok && (len(text) > 2048 || !secretID().MatchString(text)) {
			r.problem(at(f.value), "Write the secret's name or ARN, never its value.", "secret is no name of a secret in AWS Secrets Manager")
			return
		}
		s.ID = text
	}
	if f.value.Kind == yaml.ScalarNode {
		id(f)
		return s
	}
	r.keyed(f.value, "secret", map[string]func(field){
		"id": id,
		"env": func(e field) {
			for _, v := range r.fields(e.value, "env") {
				text, ok := r.scalar(v)
				if ok && !variable().MatchString(text) {
					r.problem(at(v.value), "Write the variable's name, never its value.", "%s is to be read from an environment variable, and no name of one is given", quote(v.name))
					continue
				}
				s.Env = append(s.Env, Option{Name: v.name, Value: text, At: at(v.key)})
			}
		},
	})
	return s
}

// whole looks at a plan as a whole.
func (r *parser) whole(root *yaml.Node) {
	p := r.plan
	top := connector.Position{Line: root.Line, Column: root.Column}
	if p.Connection == "" && p.Kind == JDBC && !has(p.Options, "url") {
		r.problem(top, "Write options with url: jdbc:…, or connection.", "the plan names no url, and a JDBC connector needs one")
	}
	if p.Options == nil && p.Connection == "" && p.Kind != JDBC {
		r.problem(top, "Write options as the connector's documentation has them.", "the plan has no options")
	}
	if p.Kind == JDBC {
		r.jdbc(top)
	}
	if p.Kind == Athena && (!has(p.Options, "tableName") || !has(p.Options, "schemaName")) {
		r.problem(top, "Write options with tableName and schemaName.", "the plan names no table to read")
	}
	for _, n := range []string{"FilterPredicate", "DbtableQuery"} {
		c := p.Tests[n]
		if (has(c.Options, "filterPredicate") || has(c.Options, "query")) && c.Expect.Count == nil {
			r.problem(c.At, "Write expect with count.", "%s names other rows than the whole table, and no expected count", n)
		}
	}
}

func (r *parser) jdbc(top connector.Position) {
	p := r.plan
	table, query := has(p.Options, "dbTable"), has(p.Options, "query")
	switch {
	case table && query:
		r.problem(top, "Keep one of the two; the test DbtableQuery has a query of its own.", "the plan has both dbTable and query")
	case !table && !query:
		r.problem(top, "Write options with dbTable: the table to read.", "the plan names no table to read")
	}
	for _, c := range p.Own {
		if has(c.Options, "dbTable") && has(c.Options, "query") {
			r.problem(c.At, "Keep one of the two.", "%s has both dbTable and query", c.Name)
		}
	}
}
