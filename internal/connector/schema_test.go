package connector_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
)

// inSchema are the rules that the schema holds a config to.
var inSchema = []string{
	"config-class-name", "config-connection-type", "config-connector-type", "config-key-missing", "config-key-unknown",
	"config-release-timestamp", "config-text", "config-value",
}

// notInSchema are configs on which the schema and the rules differ, and why.
var notInSchema = map[string]string{
	"config-release-timestamp-future.txtar": "a schema knows no time of day",
	"timestamp of no leap year":             "a pattern cannot divide by four hundred",
	"invisible beyond 16 bits":              "editors' patterns see two halves of such a character",
}

// A config that the schema takes is one about which the rules say nothing, and
// the other way round. What is no JSON, or has a key twice, is for the rules
// alone: an editor sees that without a schema.
func TestConfigSchema(t *testing.T) {
	schema := compile(t)
	configs := examples(t)
	if len(configs) < 150 {
		t.Fatalf("%d configs only", len(configs))
	}
	differ := map[string]bool{}
	fired := map[string]int{}
	for name, raw := range configs {
		var rules []string
		for _, f := range findings(raw) {
			if !strings.HasPrefix(f.Rule, "config-") {
				continue
			}
			rules = append(rules, f.Rule)
			fired[f.Rule]++
		}
		if slices.Contains(rules, "config-syntax") || slices.Contains(rules, "config-encoding") || slices.Contains(rules, "config-key-duplicate") {
			continue
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, rule := range rules {
			if !slices.Contains(inSchema, rule) {
				t.Errorf("%s: no word about %s: is it in the schema?", name, rule)
			}
		}
		if err := schema.Validate(value); (err == nil) != (len(rules) == 0) {
			differ[name] = true
			if notInSchema[name] == "" {
				t.Errorf("%s: the rules find %v, and the schema %v\n%s", name, rules, err, raw)
			}
		}
	}
	for name := range notInSchema {
		if !differ[name] {
			t.Errorf("%s: the schema and the rules agree, or it is not there", name)
		}
	}
	for _, rule := range inSchema {
		if fired[rule] < 2 {
			t.Errorf("%s has %d examples", rule, fired[rule])
		}
	}
}

// Editors show what each key is, and complete it.
func TestConfigSchemaIsHelpful(t *testing.T) {
	var s struct {
		Schema     string `json:"$schema"`
		Required   []string
		Properties map[string]struct {
			Title, Description, Const string
			Examples                  []string
		}
	}
	if err := json.Unmarshal([]byte(connector.ConfigSchema), &s); err != nil {
		t.Fatal(err)
	}
	if s.Schema != "http://json-schema.org/draft-07/schema#" || !slices.Equal(s.Required, connector.ConfigKeys) || len(s.Properties) != len(connector.ConfigKeys) {
		t.Errorf("%+v", s)
	}
	for _, key := range connector.ConfigKeys {
		p := s.Properties[key]
		if p.Title == "" || p.Description == "" || len(p.Examples) == 0 && p.Const == "" {
			t.Errorf("%s has no title, description or example", key)
		}
		for _, example := range p.Examples {
			raw := with(key, example)
			if key == connector.KeyClassName && !strings.Contains(example, ".") {
				raw = strings.Replace(raw, `"JDBC"`, `"Spark"`, 1)
			}
			if err := validate(compile(t), raw); err != nil {
				t.Errorf("%s: its example %q is refused: %v", key, example, err)
			}
		}
	}
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(connector.ConfigSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.schema.json", value); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("config.schema.json")
}

func validate(schema *jsonschema.Schema, raw string) error {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(raw))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

func findings(raw string) []check.Finding {
	return check.Run(&check.Subject{
		Connector: &connector.Connector{Config: connector.ParseConfig("config.json", []byte(raw))},
		Now:       time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC),
	}, false)
}

// sample is the guide's, but for the case of its class name.
var sample = map[string]any{
	"releasetimestamp": "2020-12-21 12:00:00", "connectiontype": "MARKETPLACE", "classname": "partner.jdbc.salesforce.SalesforceDriver",
	"publishername": "partner", "connectortype": "JDBC", "version": "19.0.7362.0",
	"description": "Partner JDBC Driver for Salesforce", "supportinformation": "Please check for this driver's online help.",
}

// with is the sample with another value, or without a key.
func with(changes ...any) string {
	c := map[string]any{}
	for k, v := range sample {
		c[k] = v
	}
	for i := 0; i < len(changes); i += 2 {
		if c[changes[i].(string)] = changes[i+1]; changes[i+1] == absent {
			delete(c, changes[i].(string))
		}
	}
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return string(b)
}

var absent = &struct{}{}

// examples are the configs of the rules' fixtures, and a table of values.
func examples(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"the sample": with()}
	files, err := filepath.Glob("../../testdata/check/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if f.Name == "config.json" {
				all[filepath.Base(file)] = string(f.Data)
			}
		}
	}
	add := func(name, key string, values ...any) {
		for _, v := range values {
			b, _ := json.Marshal(v)
			all[name+" "+string(b)] = with(key, v)
		}
	}
	for _, key := range connector.ConfigKeys {
		add(key, key, "👨\u200d👩", "x\u200dy", "می\u200cخواهم", "מנהל\u200f x\u200e", "x\u200f", "עברית\u061c", "\u200b\u200b", "مرحبا\u202e", "x \u200dy")
		add(key, key, nil, true, 1, []any{}, map[string]any{}, "", " ", "\t", "\u00a0\u3000", "\u2003", "x\u0000", "x\u0007", "x\n", "x\u007f", "x\u0085", "x\u200b", "x\u202e", "x\u2028", "\ufeff", "x\u00ad", "x\u061c", "é", "東京")
		all[key+" is absent"] = with(key, absent)
		all[key+" in capitals"] = with(key, absent, strings.ToUpper(key), sample[key])
	}
	add("type", "connectortype", "jdbc", "Jdbc", "SPARK", "athena", "aThEnA", " JDBC", "JDBC ", "JDBC\n", "Presto")
	add("connection", "connectiontype", "marketplace", " MARKETPLACE", "CUSTOM")
	names := []any{"a", "A.B$C", "_a.$b", "my-source", "cosmos.oltp", "1a", "a.1b", "a..b", ".a", "a.", "a/b", "a.class", "my-a.class", "class", "a.b.class", ".class", "a b", "é.B", "Α.B", "a\\b",
		strings.Repeat("a", 1024), strings.Repeat("a", 1025)}
	add("class", "classname", names...)
	for _, name := range names {
		b, _ := json.Marshal(name)
		all["Spark class "+string(b)] = with("connectortype", "spark", "classname", name)
		all["class without type "+string(b)] = with("connectortype", absent, "classname", name)
	}
	add("timestamp", "releasetimestamp", "2020-02-29 23:59:59", "0000-01-01 00:00:00", "2020-12-21T12:00:00", "2020-12-21 24:00:00", "2020-12-21 12:60:00", "2020-12-21 12:00:60",
		"2020-13-01 12:00:00", "2020-00-01 12:00:00", "2020-04-31 12:00:00", "2020-02-30 12:00:00", "2020-12-32 12:00:00", "2020-12-00 12:00:00", "2020-12-21 1:00:00", "2020-12-21", "2020-12-21 12:00:00Z", "2020-12-21 12:00:00.5", " 2020-12-21 12:00:00", "20-12-21 12:00:00", "２020-12-21 12:00:00")
	all["unknown key"] = with("homepage", "x")
	all["timestamp of no leap year"] = with("releasetimestamp", "2021-02-29 12:00:00")
	all["invisible beyond 16 bits"] = with("description", "x\U000e0041")
	all["type in look-alike letters"] = with("connectortype", "Spar\u212a", "classname", "a.B")
	return all
}
