package trial_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/trial"
)

// ten is the plan that the README shows: all that a JDBC connector with a table
// needs.
const ten = `options:
  url: jdbc:postgresql://db.example.com:5432/shop
  dbTable: orders
secret: {id: shop/orders, env: {username: DB_USER, password: DB_PASSWORD}}
sink: {dbTable: orders_copy}
expect:
  count: 1000
  schema:
    id: int
    customer: string
`

func names(trials []trial.Trial, skipped []trial.Skipped) (all []string) {
	for _, t := range trials {
		all = append(all, t.Name)
	}
	for _, s := range skipped {
		all = append(all, "- "+s.Name+": "+s.Why)
	}
	return all
}

// Ten lines are enough for all tests of the guide that apply.
func TestTenLines(t *testing.T) {
	if n := strings.Count(ten, "\n"); n != 10 {
		t.Fatalf("%d lines", n)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil || !strings.Contains(string(readme), "\n```yml\n"+ten+"```\n") {
		t.Error("the README has another plan", err)
	}
	p := trial.Parse("glue-tests.yaml", []byte(ten), trial.JDBC, "org.postgresql.Driver")
	if len(p.Problems) > 0 {
		t.Fatal(p.Problems)
	}
	for runner, want := range map[trial.Runner]int{trial.Local: 11, trial.Glue: 10} {
		trials, skipped := p.Trials(trial.Target{Runner: runner})
		if len(trials) != want || len(skipped) > 0 {
			t.Errorf("%s: %q", runner, names(trials, skipped))
		}
	}
	trials, _ := p.Trials(trial.Target{Runner: trial.Local})
	got := map[string]string{}
	for _, one := range trials {
		got[one.Name] = expected(one.Expect) + " " + one.Note
	}
	whole := "1000 rows "
	want := map[string]string{
		"DataSourceTest": whole, "ReadWriteTest": whole, "CatalogConnectionTest": whole, "SecretsManagerTest": whole, "DataSinkTest": whole, "JDBCUrlTest": whole,
		"DataSchemaTest":         "1000 rows id:int customer:string ",
		"ColumnPartitioningTest": "1000 rows 4 partitions by column id",
		"FilterPredicateTest":    "0 rows with a filter that no row passes",
		"DbtableQueryTest":       "1000 rows all columns of the table",
		"DataTypeMappingTest":    "1000 rows id:string customer:string INTEGER as STRING",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func expected(e trial.Expect) string {
	var parts []string
	if e.Count != nil {
		parts = append(parts, fmt.Sprintf("%d rows", *e.Count))
	}
	for _, c := range e.Schema {
		parts = append(parts, c.Name+":"+c.Type)
	}
	if e.Partitions != nil {
		parts = append(parts, fmt.Sprintf("%d partitions", *e.Partitions))
	}
	return strings.Join(parts, " ")
}
