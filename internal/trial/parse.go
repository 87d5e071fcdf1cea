package trial

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"glue-connector/internal/connector"
	"glue-connector/internal/glue"
)

// Parse reads a plan for a connector of a kind and class. Everything that is
// wrong with it is in its Problems, in the order of the file.
func Parse(path string, raw []byte, kind Kind, class string) *Plan {
	p := &Plan{Path: path, Kind: kind, Class: class, Tests: map[string]Case{}}
	r := &parser{plan: p}
	if root := r.document(raw); root != nil {
		r.root(root)
		r.whole(root)
	}
	slices.SortStableFunc(p.Problems, func(a, b Problem) int {
		if a.At.Line != b.At.Line {
			return a.At.Line - b.At.Line
		}
		return a.At.Column - b.At.Column
	})
	return p
}

// parser walks the nodes of a file, since they know their places.
type parser struct{ plan *Plan }

func (r *parser) problem(at connector.Position, advice, format string, args ...any) {
	r.plan.Problems = append(r.plan.Problems, Problem{At: at, Message: fmt.Sprintf(format, args...), Advice: advice})
}

func at(n *yaml.Node) connector.Position { return connector.Position{Line: n.Line, Column: n.Column} }

// document gives the mapping that a file is, nil if it is none.
func (r *parser) document(raw []byte) *yaml.Node {
	const advice = "Begin with the plan in the README; glue-connector schema plan prints a JSON Schema for editors."
	if len(raw) > MaxPlanSize {
		r.problem(connector.Position{}, "Put large data into the data source.", "the plan has more than %d bytes", MaxPlanSize)
		return nil
	}
	if !utf8.Valid(raw) {
		r.problem(connector.Position{}, "Save it as UTF-8.", "the plan is not UTF-8")
		return nil
	}
	var doc yaml.Node
	if len(bytes.TrimSpace(raw)) == 0 {
		r.problem(connector.Position{}, advice, "the plan is empty")
		return nil
	}
	if err := yaml.Load(raw, &doc); err != nil {
		where := connector.Position{}
		message := err.Error()
		if e, ok := errors.AsType[*yaml.LoadError](err); ok {
			where, message = connector.Position{Line: e.Mark.Line, Column: e.Mark.Column}, e.Message
		}
		r.problem(where, advice, "the plan is no YAML: %s", quote(message))
		return nil
	}
	root := &doc
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	if root.Kind != yaml.MappingNode {
		r.problem(connector.Position{Line: 1, Column: 1}, advice, "the plan is no mapping of keys to values")
		return nil
	}
	return root
}

// field is one key of a mapping with its value.
type field struct {
	name       string
	key, value *yaml.Node
}

// fields gives the keys of a mapping, without those that are there twice.
func (r *parser) fields(n *yaml.Node, what string) []field {
	if n.Kind != yaml.MappingNode {
		r.problem(at(n), "Write keys and values: key: value.", "%s is no mapping", what)
		return nil
	}
	var all []field
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode || k.Tag == "!!merge":
			r.problem(at(k), "Write each key as a plain word.", "a key of %s is no text", what)
		case slices.ContainsFunc(all, func(f field) bool { return f.name == k.Value }):
			r.problem(at(k), "Keep one of the two.", "%s has %s twice", what, quote(k.Value))
		case v.Kind == yaml.AliasNode:
			r.problem(at(v), "Write the value out.", "%s is a reference to another value", quote(k.Value))
		default:
			all = append(all, field{k.Value, k, v})
		}
	}
	return all
}

// scalar gives a text, a number or a truth value as it is written.
func (r *parser) scalar(f field) (string, bool) {
	if f.value.Kind != yaml.ScalarNode || f.value.Tag == "!!null" || strings.TrimSpace(f.value.Value) == "" {
		r.problem(at(f.value), "Write one value.", "%s is no text or number", f.name)
		return "", false
	}
	return f.value.Value, true
}

// keyed has each key read by its reader, and tells of any other key.
func (r *parser) keyed(n *yaml.Node, what string, readers map[string]func(field)) {
	for _, f := range r.fields(n, what) {
		read, ok := readers[f.name]
		if !ok {
			names := sortedKeys(readers)
			r.problem(at(f.key), near(f.name, names, "The keys are "+strings.Join(names, ", ")+"."), "%s has no key %s", what, quote(f.name))
			continue
		}
		read(f)
	}
}

func (r *parser) root(n *yaml.Node) {
	p := r.plan
	r.keyed(n, "the plan", map[string]func(field){
		"options":       func(f field) { p.Options = r.options(f.value, "options") },
		"secret":        func(f field) { p.Secret = r.secret(f) },
		"connection":    func(f field) { p.Connection = r.connection(f) },
		"glue-versions": func(f field) { p.Versions = r.versions(f) },
		"expect":        func(f field) { p.Expect = r.expect(f.value) },
		"sink":          func(f field) { p.Sink = r.options(f.value, "sink") },
		"tests":         func(f field) { r.tests(f.value) },
		"own-tests":     func(f field) { r.own(f.value) },
	})
}

func (r *parser) connection(f field) string {
	v, ok := r.scalar(f)
	if ok && (len(v) > 255 || strings.ContainsFunc(v, hidden)) {
		r.problem(at(f.value), "Write the connection's name as the Data Catalog has it.", "%s is no name of a connection", quote(v))
		return ""
	}
	return v
}

func (r *parser) versions(f field) []glue.Version {
	nodes := []*yaml.Node{f.value}
	if f.value.Kind == yaml.SequenceNode {
		nodes = f.value.Content
	}
	var all []glue.Version
	for _, n := range nodes {
		v, ok := glue.Find(n.Value)
		switch {
		case n.Kind != yaml.ScalarNode || !ok:
			r.problem(at(n), "The versions are "+glue.Names(glue.Versions)+"; write them in quotation marks.", "%s is no version of AWS Glue", quote(n.Value))
		case !slices.ContainsFunc(all, func(o glue.Version) bool { return o.Name == v.Name }):
			all = append(all, v)
		}
	}
	return all
}

func (r *parser) expect(n *yaml.Node) (e Expect) {
	number := func(f field, most int64) *int64 {
		v, err := strconv.ParseInt(f.value.Value, 10, 64)
		if f.value.Kind != yaml.ScalarNode || err != nil || v < 0 || v > most {
			r.problem(at(f.value), "Write a whole number.", "%s is no number of %s", quote(f.value.Value), map[string]string{"count": "rows"}[f.name]+map[string]string{"partitions": "partitions"}[f.name])
			return nil
		}
		return &v
	}
	r.keyed(n, "expect", map[string]func(field){
		"count": func(f field) { e.Count = number(f, 1<<53) },
		"partitions": func(f field) {
			if v := number(f, 10_000); v != nil {
				e.Partitions = Ref(int(*v))
			}
		},
		"schema": func(f field) { e.Schema = r.schema(f.value) },
	})
	return e
}

func (r *parser) schema(n *yaml.Node) (columns []Column) {
	for _, f := range r.fields(n, "schema") {
		text, ok := r.scalar(f)
		if !ok {
			continue
		}
		t, known := canonicalType(text)
		if !known {
			r.problem(at(f.value), "Write it as Spark does: string, int, bigint, double, decimal(10,2), boolean, date, timestamp, binary, array<string>.", "%s is no type of Spark's", quote(text))
			continue
		}
		columns = append(columns, Column{Name: f.name, Type: t})
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		r.problem(at(n), "Write the columns as name: type, or leave schema out.", "the schema has no columns")
	}
	return columns
}
