package trial_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/trial"
)

const nonce = "KQ7"

func line(s string) string { return trial.Marker + nonce + " " + s + "\n" }

func result(rest string) string { return `{"nonce": "KQ7", "test": "DataSourceTest"` + rest + `}` }

func TestJudge(t *testing.T) {
	one := trial.Trial{Name: "DataSourceTest", Expect: trial.Expect{
		Count: trial.Ref(int64(3)), Partitions: trial.Ref(2), Schema: []trial.Column{{Name: "id", Type: "bigint"}, {Name: "at", Type: "timestamp"}}}}
	ok := result(`, "count": 3, "partitions": 2, "schema": [{"name": "at", "type": "timestamp"}, {"name": "id", "type": "bigint"}], "seconds": 1.5`)
	for name, tt := range map[string]struct {
		attempt trial.Attempt
		want    string // verdict: why [line]
	}{
		"the object":            {trial.Attempt{State: trial.Succeeded, Object: []byte(ok)}, "passed:  []"},
		"the log":               {trial.Attempt{State: trial.Succeeded, Log: "x\n" + line(ok) + "y\n"}, "passed:  []"},
		"amid a line":           {trial.Attempt{State: trial.Succeeded, Log: "2024-01-01T00:00:00 [main] " + line(ok+" and more")}, "passed:  []"},
		"the object goes first": {trial.Attempt{State: trial.Succeeded, Object: []byte(ok), Log: line(result(`, "error": "x"`))}, "passed:  []"},
		"the last line counts":  {trial.Attempt{State: trial.Succeeded, Log: line(result(`, "count": 9`)) + line(ok)}, "passed:  []"},

		"forged without a nonce": {trial.Attempt{State: trial.Succeeded, Log: trial.Marker + " " + strings.Replace(ok, "KQ7", "", 1) + "\n"}, "failed: it ended without a result [" + trial.Marker},
		"forged with another":    {trial.Attempt{State: trial.Succeeded, Log: trial.Marker + "XXX " + ok + "\n"}, "failed: it ended without a result ["},
		"of another test":        {trial.Attempt{State: trial.Succeeded, Log: line(strings.Replace(ok, "DataSource", "DataSink", 1))}, "failed: it ended without a result ["},
		"object of another run":  {trial.Attempt{State: trial.Succeeded, Object: []byte(strings.Replace(ok, "KQ7", "OLD", 1))}, `failed: its result cannot be read: "reading the result of DataSourceTest: it is the result of another run or test" []`},
		"no JSON":                {trial.Attempt{State: trial.Succeeded, Object: []byte("<html>")}, `failed: its result cannot be read: "reading the result`},
		"an impossible number":   {trial.Attempt{State: trial.Succeeded, Object: []byte(result(`, "count": -1`))}, `failed: its result cannot be read: "reading the result of DataSourceTest: -1 rows`},
		"no partitions at all":   {trial.Attempt{State: trial.Succeeded, Object: []byte(result(`, "count": 3, "partitions": -4`))}, `failed: its result cannot be read`},
		"a log that never came":  {trial.Attempt{State: trial.Succeeded}, "failed: it ended without a result []"},

		"wrong in all": {trial.Attempt{State: trial.Succeeded, Object: []byte(result(`, "count": 1, "partitions": 1, "schema": [{"name": "id", "type": "string"}, {"name": "x\u202e", "type": "y"}]`))},
			`failed: 3 rows expected, and 1 row came; 2 partitions expected, and 1 came; column "id" is "string" and not bigint; column "at" is missing; column "x\u202e", of type "y", is not expected []`},
		"nothing counted": {trial.Attempt{State: trial.Succeeded, Object: []byte(result(""))}, `failed: 3 rows expected, and no count came; 2 partitions expected, and 0 came; column "id" is missing; column "at" is missing []`},
		"not all came back": {trial.Attempt{State: trial.Succeeded, Object: []byte(strings.Replace(ok, `"count": 3`, `"count": 3, "back": 2`, 1))},
			"failed: 3 rows written, and 2 rows came back []"},

		"an exception": {trial.Attempt{State: trial.Failed, Object: []byte(result(`, "error": "Py4JJavaError: x\n: java.lang.ClassNotFoundException: a.B\n\tat c.D"`))}, "failed: the script failed: class a.B is not found [java.lang.ClassNotFoundException: a.B]"},
		"an unknown exception": {trial.Attempt{State: trial.Failed, Object: []byte(result(`, "error": "Py4JJavaError: x\n: a.FirstException: f\n\tat c.D\nCaused by: a.LastException: password=hunter2\n\tat c.D"`))},
			"failed: the script failed [Caused by: a.LastException: password=***]"},
		"failed without a result":    {trial.Attempt{State: trial.Failed, Message: "LAUNCH ERROR | x", Log: "KeyError: 'layers'"}, "failed: it ended without a result: Glue could not start the job [LAUNCH ERROR | x]"},
		"failed with a result":       {trial.Attempt{State: trial.Failed, Object: []byte(ok), Message: "Exit 137"}, "failed: the script had a result, and the run failed all the same [Exit 137]"},
		"timed out":                  {trial.Attempt{State: trial.Timeout, Log: "connect timed out: api.ecr.us-east-1.amazonaws.com ConnectTimeoutError"}, "failed: it did not end in time: there is no route to Amazon ECR ["},
		"timed out, log never came":  {trial.Attempt{State: trial.Timeout}, "failed: it did not end in time []"},
		"timed out after its result": {trial.Attempt{State: trial.Timeout, Object: []byte(ok)}, "failed: it did not end in time []"},
		"stopped":                    {trial.Attempt{State: trial.Stopped, Log: "x"}, "failed: the run was stopped before it ended []"},
		"an error of Glue's":         {trial.Attempt{State: trial.Error, Message: "Internal service error"}, "failed: it ended without a result [Internal service error]"},
		"a state that nobody knows":  {trial.Attempt{State: "EXPIRED", Object: []byte(ok)}, "failed: the script had a result, and the run failed all the same []"},
		"not begun":                  {trial.Attempt{}, "skipped: the run was stopped before it began []"},
		"a schema without end":       {trial.Attempt{State: trial.Succeeded, Object: []byte(result(`, "count": 3, "partitions": 2, "schema": [` + strings.Repeat(`{"name": "c", "type": "int"},`, 1000) + `{"name": "d", "type": "int"}]`))}, `failed: column "id" is missing; column "at" is missing; column "c"`},
	} {
		t.Run(name, func(t *testing.T) {
			tt.attempt.Nonce = nonce
			o := trial.Judge(one, tt.attempt)
			got := fmt.Sprintf("%s: %s [%s]", o.Verdict, o.Why, o.Line)
			if exact := strings.HasSuffix(tt.want, "]"); exact && got != tt.want || !strings.HasPrefix(got, tt.want) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if o.Verdict == trial.NotPassed && o.Advice == "" {
				t.Error("no advice")
			}
			if len(o.Why) > 3000 || strings.ContainsFunc(o.Why, func(r rune) bool { return r > 126 || r < ' ' }) {
				t.Errorf("why: %q", o.Why)
			}
		})
	}
}

// Outcomes are in the guide's order, whatever was run first.
func TestJudged(t *testing.T) {
	trials := []trial.Trial{{Name: "Mine"}, {Name: "DataSinkTest"}, {Name: "DataSourceTest"}}
	var got []string
	for _, o := range trial.Judged(trials, make([]trial.Attempt, 3), []trial.Skipped{{Name: "DataSchemaTest", Why: "x"}}) {
		got = append(got, o.Test)
	}
	if diff := cmp.Diff([]string{"DataSourceTest", "DataSchemaTest", "DataSinkTest", "Mine"}, got); diff != "" {
		t.Error(diff)
	}
}

// The guide's tables, as glueJobValidation and localValidation have them.
func TestTables(t *testing.T) {
	plans := map[trial.Kind]string{
		trial.JDBC:   ten,
		trial.Spark:  "options: {path: x}\nsecret: s\nsink: {path: y}\nexpect: {schema: {a: int}}\n",
		trial.Athena: "options: {schemaName: a, tableName: b}\nexpect: {schema: {a: int}}\n",
	}
	both := "DataSourceTest ReadWriteTest CatalogConnectionTest DataSchemaTest"
	jdbc := " ColumnPartitioningTest FilterPredicateTest JDBCUrlTest DbtableQueryTest DataTypeMappingTest"
	for _, tt := range []struct {
		kind   trial.Kind
		runner trial.Runner
		want   string
	}{
		{trial.JDBC, trial.Local, both + " SecretsManagerTest DataSinkTest" + jdbc},
		{trial.Spark, trial.Local, both + " SecretsManagerTest DataSinkTest"},
		{trial.Athena, trial.Local, both},
		{trial.JDBC, trial.Glue, "DataSourceTest ReadWriteTest DataSchemaTest SecretsManagerTest DataSinkTest" + jdbc},
		{trial.Spark, trial.Glue, "DataSourceTest ReadWriteTest DataSchemaTest SecretsManagerTest DataSinkTest"},
		{trial.Athena, trial.Glue, ""},
	} {
		p := trial.Parse("p", []byte(plans[tt.kind]), tt.kind, "x")
		if len(p.Problems) > 0 {
			t.Fatal(p.Problems)
		}
		if got := strings.Join(names(p.Trials(trial.Target{Runner: tt.runner})), " "); got != tt.want {
			t.Errorf("%s on %s: %s", tt.kind, tt.runner, got)
		}
	}
}

// What the plan leaves open is not run, and it is said why.
func TestSkipped(t *testing.T) {
	for _, tt := range []struct {
		plan string
		want []string
	}{
		{url, []string{"- DataSchemaTest: the plan expects no schema", "- SecretsManagerTest: the plan names no secret", "- DataSinkTest: the plan names no sink",
			"- ColumnPartitioningTest: the plan names no partitionColumn, and expects no column of whole numbers",
			"- DataTypeMappingTest: the plan has no dataTypeMapping, and expects no column of type int or bigint"}},
		{"options: {url: 'jdbc:x', query: SELECT 1}\nsecret: s\nsink: {dbTable: c}\nexpect: {schema: {a: int}}\ntests: {DataSource: false, DataSink: {sink: {dbTable: d}}}\n", []string{
			"- DataSourceTest: the plan leaves it out", "- ColumnPartitioningTest: the plan names no dbTable to part", "- FilterPredicateTest: the plan names no filterPredicate, which Glue adds to the query"}},
		{url + "secret: s\nsink: {dbTable: t}\nexpect: {schema: {a: int}}\n", []string{"- DataSinkTest: the sink is the table that is read"}},
		{url + "secret: s\nsink: {fetchsize: 1}\nexpect: {schema: {a: int}}\n", []string{"- DataSinkTest: the sink names no dbTable"}},
	} {
		p := trial.Parse("p", []byte(tt.plan), trial.JDBC, "x")
		_, skipped := p.Trials(trial.Target{Runner: trial.Local})
		if diff := cmp.Diff(tt.want, names(nil, skipped)); diff != "" || len(p.Problems) > 0 {
			t.Errorf("%s%v", diff, p.Problems)
		}
	}
}
