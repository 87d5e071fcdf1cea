package product

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"glue-connector/internal/connector"
)

// MaxSize bounds a product.yaml, in bytes: several times all that AWS takes.
const MaxSize = 64 << 10

// Parse reads a product.yaml. What is wrong with its form is in the problems; what
// can be read is there all the same; of a file that cannot be read at all, the product
// is nil. It does not look at the texts: see [Product.Check].
func Parse(raw []byte) (*Product, []Problem) {
	r := &parser{p: &Product{values: map[string][]Value{}, at: map[string]connector.Position{}}}
	if len(raw) > MaxSize || !utf8.Valid(raw) {
		r.say("", connector.Position{}, fmt.Sprintf("it has more than %d bytes, or is not UTF-8", MaxSize), "Save it as UTF-8, and without anything else.")
		return nil, r.problems
	}
	var doc yaml.Node
	if err := yaml.Load(raw, &doc); err != nil {
		at, message := connector.Position{}, err.Error()
		if e, ok := errors.AsType[*yaml.LoadError](err); ok {
			at, message = connector.Position{Line: e.Mark.Line, Column: e.Mark.Column}, e.Message
		}
		r.say("", at, "it is no YAML: "+quote(message), "Write one key: value a line; glue-connector schema product prints the schema.")
		return nil, r.problems
	}
	root := &doc
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	if root.Kind != yaml.MappingNode {
		r.say("", connector.Position{Line: 1, Column: 1}, "it is no mapping of keys to values", "Begin with title: and the product's name.")
		return nil, r.problems
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		r.field(root.Content[i], root.Content[i+1])
	}
	return r.p, r.problems
}

type parser struct {
	p        *Product
	problems []Problem
}

func (r *parser) say(key string, at connector.Position, message, advice string) {
	r.problems = append(r.problems, Problem{key, at, message, advice})
}

func at(n *yaml.Node) connector.Position { return connector.Position{Line: n.Line, Column: n.Column} }

func (r *parser) field(k, v *yaml.Node) {
	f, known := find(k.Value)
	_, again := r.p.at[k.Value]
	switch {
	case k.Kind != yaml.ScalarNode || !known:
		var keys []string
		for _, f := range Fields {
			keys = append(keys, f.Key)
		}
		r.say("", at(k), fmt.Sprintf("there is no key %s", quote(k.Value)), "The keys are "+strings.Join(keys, ", ")+".")
		return
	case again:
		r.say(f.Key, at(k), f.Key+" is there twice", "Leave one of the two out.")
		return
	}
	r.p.at[f.Key] = at(k)
	items := []*yaml.Node{v}
	switch {
	case f.Kind == Text:
	case v.Kind == yaml.SequenceNode:
		items = v.Content
	case v.Kind == yaml.ScalarNode && v.Tag == "!!null":
		items = nil
	default:
		r.say(f.Key, at(v), f.Key+" is no list", "Write one item a line, each after a dash.")
		return
	}
	for _, n := range items {
		if f.Kind == Links {
			r.link(f, n)
		} else if text, ok := r.text(f.Key, n); ok {
			r.p.values[f.Key] = append(r.p.values[f.Key], Value{Text: text, At: at(n)})
		}
	}
}

// text reads a scalar. Line ends at the end of a block are the file's, not the text's.
func (r *parser) text(key string, n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		r.say(key, at(n), key+" has something else where a text belongs", "Write a text; quote it if it holds a colon.")
		return "", false
	}
	if n.Tag == "!!null" {
		return "", true
	}
	return strings.TrimRight(n.Value, " \t\r\n"), true
}

func (r *parser) link(f Field, n *yaml.Node) {
	v := Value{At: at(n)}
	if n.Kind != yaml.MappingNode {
		r.say(f.Key, at(n), f.Key+" has an item without text and url", "Write each as text: and url:.")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		text, _ := r.text(f.Key, n.Content[i+1])
		switch n.Content[i].Value {
		case "text":
			v.Text = text
		case "url":
			v.URL = text
		default:
			r.say(f.Key, at(n.Content[i]), fmt.Sprintf("an item of %s has no key %s", f.Key, quote(n.Content[i].Value)), "Write each as text: and url:.")
		}
	}
	r.p.values[f.Key] = append(r.p.values[f.Key], v)
}
