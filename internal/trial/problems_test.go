package trial_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"glue-connector/internal/trial"
)

const url = "options: {url: 'jdbc:acme://h/db', dbTable: t}\n"

// plans are plans of a JDBC connector with what is wrong with them.
var plans = map[string]struct {
	plan string
	want []string
}{
	"fine":            {url, nil},
	"connection only": {"options: {dbTable: t}\nconnection: shop\n", nil},
	"all keys": {url + "secret: shop\nsink: {dbTable: c}\nconnection: shop\nglue-versions: ['4.0', 5.1]\nexpect: {count: 0, partitions: 1, schema: {a: INTEGER, 'b c': 'array<string>'}}\n" +
		"tests: {DataSink: false, DataSource: true, JDBCUrl: {options: {url: 'jdbc:acme://h/x'}}}\nown-tests: {Mine: {options: {query: SELECT 1}, expect: {count: 1}}}\n", nil},
	"numbers stay texts": {"options: {url: 'jdbc:acme://h/db', dbTable: 0123, fetchsize: 1000, ssl: true, dataTypeMapping: {INTEGER: STRING}}\n", nil},
	"references are no secrets": {"options: {url: 'jdbc:acme://h/db?user=${username}&password=${password}', dbTable: t, secretName: x, tokenUrl: 'https://x', sslKeyFile: f, useToken: true, " +
		"passwordFile: /x, keyspace: k}\nsecret: shop\n", nil},

	"empty":              {" \n", []string{"0:0: the plan is empty"}},
	"a comment":          {"# to do\n", []string{"0:0: the plan is no YAML"}},
	"a list":             {"- a\n", []string{"1:1: the plan is no mapping of keys to values"}},
	"no YAML":            {"options: {\n", []string{"2:1: the plan is no YAML"}},
	"tabs":               {"options:\n\turl: x\n", []string{"2:1: the plan is no YAML"}},
	"two documents":      {url + "---\na: 1\n", []string{"0:0: the plan is no YAML"}},
	"not UTF-8":          {"options: {url: \"\xff\"}", []string{"0:0: the plan is not UTF-8"}},
	"large":              {"#" + strings.Repeat("x", trial.MaxPlanSize), []string{"0:0: the plan has more than 262144 bytes"}},
	"unknown key":        {url + "option: {}\nTests: {}\n", []string{`2:1: the plan has no key "option"`, `3:1: the plan has no key "Tests"`}},
	"a key twice":        {url + "connection: a\nconnection: b\n", []string{`3:1: the plan has "connection" twice`}},
	"a reference":        {"options: &a {url: 'jdbc:x', dbTable: t}\nsink: *a\n", []string{`2:7: "sink" is a reference to another value`}},
	"a merge":            {"options: {url: 'jdbc:x', dbTable: t, <<: {a: b}}\n", []string{"1:38: a key of options is no text"}},
	"options of texts":   {"options: x\n", []string{"1:1: the plan names no url", "1:1: the plan names no table to read", "1:10: options is no mapping"}},
	"an option of lists": {"options: {url: 'jdbc:x', dbTable: [a, b]}\n", []string{"1:35: dbTable is no text or number"}},
	"an empty option":    {"options: {url: 'jdbc:x', dbTable: }\n", []string{"1:35: dbTable is no text or number"}},
	"a hidden name":      {"options: {url: 'jdbc:x', dbTable: t, \"a\\u202e\": b}\n", []string{`1:38: "a\u202e" is no name of an option`}},
	"options of ours": {"options: {url: 'jdbc:x', dbTable: t, className: a, connectionName: b, secretId: c}\n",
		[]string{"1:38: className is no option of a plan", "1:52: connectionName is no option of a plan", "1:71: secretId is no option of a plan"}},
	"no url":            {"options: {dbTable: t}\n", []string{"1:1: the plan names no url"}},
	"no table":          {"options: {url: 'jdbc:x'}\n", []string{"1:1: the plan names no table to read"}},
	"a table and query": {"options: {url: 'jdbc:x', dbTable: t, query: q}\n", []string{"1:1: the plan has both dbTable and query"}},

	"a password": {"options: {url: 'jdbc:x', dbTable: t, user: u, password: hunter2}\n", []string{`1:57: "password" holds a secret in plain text`}},
	"passwords by other names": {"options: {url: 'jdbc:x', dbTable: t, sfPassword: hunter2, api_key: hunter2, AccessToken: hunter2, client-secret: hunter2, awsSecretAccessKey: hunter2, pwd: hunter2, sas: hunter2}\n",
		[]string{`1:50: "sfPassword" holds`, `1:68: "api_key" holds`, `1:90: "AccessToken" holds`, `1:114: "client-secret" holds`, `1:143: "awsSecretAccessKey" holds`, `1:157: "pwd" holds`, `1:171: "sas" holds`}},
	"a password in the url":     {"options: {url: 'jdbc:x://h?user=u&Password=hunter2', dbTable: t}\n", []string{`1:16: "url" holds a password in plain text`}},
	"half a password":           {"options: {url: 'jdbc:a:h;password=${p}hunter2', dbTable: t}\n", []string{`1:16: "url" holds a password in plain text`}},
	"a key of Azure's":          {"options: {url: 'jdbc:a:h;AccountKey=hunter2', dbTable: t}\n", []string{`1:16: "url" holds a password in plain text`}},
	"a password as Oracle's":    {"options: {url: 'jdbc:oracle:thin:scott/tiger@//h:1521/x', dbTable: t}\n", []string{`1:16: "url" holds a password in plain text`}},
	"a secret as Oracle's":      {"options: {url: 'jdbc:oracle:thin:${username}/${password}@//h:1521/x', dbTable: t}\n", nil},
	"a password before the at":  {"options: {url: 'jdbc:x://u:hunter2@h/db', dbTable: t}\n", []string{`1:16: "url" holds a password in plain text`}},
	"a password in a map":       {url[:len(url)-2] + ", more: {password: hunter2}}\n", []string{`1:65: "password" holds a secret in plain text`}},
	"a password in the sink":    {url + "sink: {dbTable: c, password: hunter2}\n", []string{`2:30: "password" holds a secret in plain text`}},
	"a password of a test":      {url + "tests: {JDBCUrl: {options: {url: 'jdbc:x:password=hunter2'}}}\n", []string{`2:34: "url" holds a password in plain text`}},
	"a password of an own test": {url + "own-tests: {A: {options: {password: hunter2}}}\n", []string{`2:37: "password" holds a secret in plain text`}},
	"a secret with spaces":      {url + "secret: my hunter2\n", []string{"2:9: secret is no name of a secret in AWS Secrets Manager"}},
	"a secret's values":         {url + "secret: {username: shop, password: hunter2}\n", []string{`2:10: secret has no key "username"`, `2:26: secret has no key "password"`}},
	"a variable that is none":   {url + "secret: {env: {password: 'hunter2!'}}\n", []string{`2:26: "password" is to be read from an environment variable`}},

	"unknown tests": {url + "tests:\n  DataSourceTest: {}\n  Bookmarks: {}\n", []string{`3:3: the guide has no test "DataSourceTest"`, `4:3: the guide has no test "Bookmarks"`}},
	"an own test of the guide's name": {url + "own-tests: {DataSourceTest: {}, DataSink: {}, 'a b': {}}\n",
		[]string{`2:13: "DataSourceTest" is no name`, `2:33: "DataSink" is no name`, `2:47: "a b" is no name`}},
	"an own test that writes":   {url + "own-tests: {A: {sink: {dbTable: x}}}\n", []string{`2:13: "A" has no sink`}},
	"a test with a sink":        {url + "tests: {DataSource: {sink: {dbTable: x}}}\n", []string{"2:9: DataSource has no sink"}},
	"a test that is a text":     {url + "tests: {DataSource: skip}\n", []string{"2:21: DataSource is no mapping"}},
	"rows that nobody counted":  {url + "tests: {FilterPredicate: {options: {filterPredicate: a > 1}}, DbtableQuery: {options: {query: SELECT 1}}}\n", []string{"2:9: FilterPredicate names other rows", "2:63: DbtableQuery names other rows"}},
	"versions":                  {url + "glue-versions: ['4.0', 5, '7.0', [], 4.0]\n", []string{`2:24: "5" is no version`, `2:27: "7.0" is no version`, `2:34: "" is no version`}},
	"counts":                    {url + "expect: {count: many, partitions: -1}\n", []string{`2:17: "many" is no number of rows`, `2:35: "-1" is no number of partitions`}},
	"columns":                   {url + "expect: {schema: {a: number, b: 'decimal(10', c: [], d: 'array<'}}\n", []string{`2:22: "number" is no type`, `2:33: "decimal(10" is no type`, "2:50: c is no text", `2:57: "array<" is no type`}},
	"a schema without columns":  {url + "expect: {schema: {}}\n", []string{"2:18: the schema has no columns"}},
	"a connection of two lines": {url + "connection: \"a\\nb\"\n", []string{`2:13: "a\nb" is no name of a connection`}},
	"a forged message":          {url + "\"##[error]\\n::error::x\": 1\n", []string{`2:1: the plan has no key "##[error]\n::error::x"`}},
}

func told(p *trial.Plan) (all []string) {
	for _, problem := range p.Problems {
		all = append(all, fmt.Sprintf("%d:%d: %s", problem.At.Line, problem.At.Column, problem.Message))
	}
	return all
}

func TestProblems(t *testing.T) {
	for name, tt := range plans {
		t.Run(name, func(t *testing.T) {
			p := trial.Parse("p", []byte(tt.plan), trial.JDBC, "com.acme.Driver")
			got := told(p)
			for i := range got {
				if i < len(tt.want) && strings.HasPrefix(got[i], tt.want[i]) {
					got[i] = tt.want[i]
				}
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			for _, problem := range p.Problems {
				text := problem.Message + problem.Advice
				if strings.Contains(text, "hunter2") || problem.Advice == "" || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x202e }) {
					t.Errorf("%q", text)
				}
			}
			p.Trials(trial.Target{Runner: trial.Local}) // of a plan with problems, too
		})
	}
}

// What applies depends on the connector.
func TestProblemsOfKinds(t *testing.T) {
	for _, tt := range []struct {
		kind trial.Kind
		plan string
		want []string
	}{
		{trial.Spark, "options: {path: x}\ntests: {ColumnPartitioning: {}, DataSink: {}}\n", []string{"2:9: ColumnPartitioning does not apply to a connector of type spark: it is for jdbc"}},
		{trial.Spark, "options: {path: x}\ntests: {ColumnPartitioning: false}\n", nil},
		{trial.Spark, "expect: {count: 1}\n", []string{"1:1: the plan has no options"}},
		{trial.Athena, "options: {schemaName: a, tableName: b}\ntests: {SecretsManager: {}}\n", []string{"2:9: SecretsManager does not apply to a connector of type athena: it is for jdbc, spark"}},
		{trial.Athena, "options: {schemaName: a}\n", []string{"1:1: the plan names no table to read"}},
	} {
		if diff := cmp.Diff(tt.want, told(trial.Parse("p", []byte(tt.plan), tt.kind, "x")), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s: %s", tt.kind, tt.plan, diff)
		}
	}
}

func TestUnfit(t *testing.T) {
	parse := func(plan string, kind trial.Kind) *trial.Plan { return trial.Parse("p", []byte(plan), kind, "x") }
	env := url + "secret: {env: {password: P}}\n"
	for _, tt := range []struct {
		plan   *trial.Plan
		target trial.Target
		want   int
	}{
		{parse(url, trial.JDBC), trial.Target{Runner: trial.Glue}, 0},
		{parse(url, trial.JDBC), trial.Target{Runner: trial.Glue, Published: true}, 1},
		{parse(url+"connection: c\n", trial.JDBC), trial.Target{Runner: trial.Glue, Published: true}, 0},
		{parse(env, trial.JDBC), trial.Target{Runner: trial.Local}, 0},
		{parse(env, trial.JDBC), trial.Target{Runner: trial.Glue}, 1},
		{parse("options: {schemaName: a, tableName: b}\n", trial.Athena), trial.Target{Runner: trial.Glue}, 1},
	} {
		if got := tt.plan.Unfit(tt.target); len(got) != tt.want {
			t.Errorf("%+v: %v", tt.target, got)
		}
	}
}

// notInSchema are plans on which the schema and Parse differ, and why.
var notInSchema = map[string]string{
	"a password as Oracle's":   "it knows no URL of Oracle's",
	"half a password":          "it looks at the beginning of a value",
	"a key of Azure's":         "it knows no key of Azure's",
	"no url":                   "a schema knows no connector type",
	"no table":                 "the same",
	"a table and query":        "the same",
	"rows that nobody counted": "it does not look from one test to another",
	"a hidden name":            "editors show such characters themselves",
	"a password before the at": "a pattern for it would refuse good URLs in some editors",
}

// The schema takes what Parse takes, and refuses most of what it refuses.
func TestPlanSchema(t *testing.T) {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(trial.PlanSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("plan.json", value); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("plan.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"ten lines": ten}
	for _, file := range []string{"jdbc.yaml", "spark.yaml", "athena.yaml"} {
		b, err := os.ReadFile(filepath.Join(scripts, file))
		if err != nil {
			t.Fatal(err)
		}
		all[file] = string(b)
	}
	for name, p := range plans {
		all[name] = p.plan
	}
	refused := 0
	for name, text := range all {
		var v any
		if err := yaml.Load([]byte(text), &v); err != nil || v == nil {
			continue // an editor sees that without a schema
		}
		wrong := plans[name].want != nil
		if strings.Contains(text, "&a") || strings.Contains(text, "<<") {
			continue // it sees the value that is meant
		}
		_, may := notInSchema[name]
		err := schema.Validate(plain(v))
		if differ := (err != nil) != wrong; differ != may {
			t.Errorf("%s: the schema says %v\n%s", name, err, text)
		}
		if err != nil {
			refused++
		}
	}
	if refused < 20 {
		t.Errorf("%d plans refused", refused)
	}
}

// plain is a value as JSON has it.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = plain(x)
		}
		return out
	case map[any]any:
		out := map[string]any{}
		for k, x := range v {
			out[fmt.Sprint(k)] = plain(x)
		}
		return out
	case []any:
		out := []any{}
		for _, x := range v {
			out = append(out, plain(x))
		}
		return out
	case int:
		return float64(v)
	}
	return v
}
