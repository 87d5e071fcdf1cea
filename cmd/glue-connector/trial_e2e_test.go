//go:build e2e

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"glue-connector/internal/report"
	"glue-connector/internal/trial"
)

// The guide's tests with real parts: the program, Spark of the lines of Glue 4.0
// and of 5.x, a PostgreSQL with its driver, and a Spark connector as published.
func TestTrials(t *testing.T) {
	db := startPostgres(t)
	fetchJars(t)
	for _, version := range []string{"3.3.4", "3.5.6"} {
		s := &sparkRun{version: version, home: sparkHome(t, version), db: db}
		t.Run("spark "+version, func(t *testing.T) {
			t.Parallel()
			t.Run("JDBC", s.testJDBC)
			t.Run("JDBC broken", s.testBroken)
			t.Run("Spark", s.testSparkConnector)
			if version == "3.5.6" {
				t.Run("cancel", s.testCancel)
				t.Run("image", s.testImage)
			}
		})
	}
}

// sparkRun is one Spark that the program is to find.
type sparkRun struct {
	version, home string
	db            *postgres
}

// setting is a connector with its plan, in a folder of its own.
type setting struct {
	kind, class, plan string
	jars              []string
	password          string
	args, env         []string
	on                string // "" for the Spark itself
}

const realPassword = "hunter2-s3cret"

// tried is what came of a run: test, verdict and reason of each outcome.
type tried struct {
	code   int
	output string
	tables []trial.Table
}

func (r tried) why(test string) string {
	for _, t := range r.tables {
		for _, o := range t.Outcomes {
			if o.Test == test {
				return fmt.Sprintf("%s: %s [%s]", o.Verdict, o.Why, o.Line)
			}
		}
	}
	return ""
}

func (s *sparkRun) prepare(t *testing.T, c setting) *exec.Cmd {
	t.Helper()
	dir := t.TempDir()
	config := fmt.Sprintf(`{"releasetimestamp": "2026-01-02 03:04:05", "connectiontype": "MARKETPLACE", "classname": %q, "publishername": "example",
		"connectortype": %q, "version": "1.0.0", "description": "Example connector", "supportinformation": "https://example.com/support"}`, c.class, c.kind)
	write(t, filepath.Join(dir, "config.json"), []byte(config))
	write(t, filepath.Join(dir, trial.DefaultPath), []byte(c.plan))
	args := append([]string{"test", "--report-file", "report.json", "--jars", "jars"}, c.args...)
	if err := os.Mkdir(filepath.Join(dir, "jars"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, j := range c.jars {
		write(t, filepath.Join(dir, "jars", filepath.Base(j)), read(t, j))
	}
	p := exec.Command("glue-connector", args...)
	p.Dir = dir
	temp := filepath.Join(dir, "tmp")
	if err := os.Mkdir(temp, 0o755); err != nil {
		t.Fatal(err)
	}
	if c.password == "" {
		c.password = realPassword
	}
	p.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + temp, "SPARK_HOME=" + s.home, "DB_USER=shop", "DB_PASSWORD=" + c.password}
	p.Env = append(p.Env, c.env...)
	return p
}

func (s *sparkRun) run(t *testing.T, c setting) (r tried) {
	t.Helper()
	p := s.prepare(t, c)
	out, err := p.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	r.code, r.output = p.ProcessState.ExitCode(), string(out)
	text := read(t, filepath.Join(p.Dir, "report.json"))
	got, err := report.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r.tables = got.Tests
	for _, secret := range []string{realPassword, c.password} {
		if secret != "" && (strings.Contains(r.output, secret) || strings.Contains(string(text), secret)) {
			t.Errorf("the password is in the output or the report\n%s", out)
		}
	}
	if left, _ := os.ReadDir(filepath.Join(p.Dir, "tmp")); len(left) > 0 {
		t.Errorf("left behind: %s", left)
	}
	if len(r.tables) != 1 || r.tables[0].On != cmp.Or(c.on, "plain Spark "+s.version) {
		t.Fatalf("%d tables of %s\n%s", len(r.tables), s.version, out)
	}
	return r
}

// plan is that of the README, but for the table.
func (s *sparkRun) plan(sink string) string {
	return fmt.Sprintf(`options:
  url: jdbc:postgresql://127.0.0.1:%s/postgres
  dbTable: orders
secret: {id: shop/orders, env: {username: DB_USER, password: DB_PASSWORD}}
sink: {dbTable: %s}
expect:
  count: 100
  schema: {id: int, customer: string, total: 'decimal(10,2)', placed: timestamp}
`, s.db.port, sink)
}

const driver = "/usr/share/java/postgresql.jar"

func (s *sparkRun) testJDBC(t *testing.T) {
	sink := "copy_" + strings.ReplaceAll(s.version, ".", "_")
	plan := s.plan(sink) + fmt.Sprintf(`tests:
  JDBCUrl: {options: {url: 'jdbc:postgresql://127.0.0.1:%s/postgres?user=${username}&password=${password}'}}
own-tests:
  Dear:
    options: {query: SELECT id FROM orders WHERE total > 30, filterPredicate: id < 90}
    expect: {count: 69, schema: {id: int}}
`, s.db.port)
	r := s.run(t, setting{kind: "JDBC", class: "org.postgresql.Driver", plan: plan, jars: []string{driver}})
	if r.code != 0 || r.tables[0].Count(trial.Passed) != 12 || len(r.tables[0].Outcomes) != 12 {
		t.Fatalf("exit %d\n%s", r.code, r.output)
	}
	// What is said of each is what was there.
	for test, want := range map[string]trial.Expect{
		"ColumnPartitioningTest": {Count: trial.Ref(int64(100)), Partitions: trial.Ref(4)},
		"FilterPredicateTest":    {Count: trial.Ref(int64(0)), Partitions: trial.Ref(1)},
		"DataTypeMappingTest":    {Count: trial.Ref(int64(100)), Partitions: trial.Ref(1), Schema: []trial.Column{{Name: "id", Type: "string"}, {Name: "customer", Type: "string"}, {Name: "total", Type: "decimal(10,2)"}, {Name: "placed", Type: "timestamp"}}},
	} {
		for _, o := range r.tables[0].Outcomes {
			if want.Schema == nil {
				o.Actual.Schema = nil
			}
			if diff := gocmp.Diff(want, o.Actual); o.Test == test && diff != "" {
				t.Errorf("%s: %s", test, diff)
			}
		}
	}
	if n := s.db.ask(t, "SELECT count(*) FROM "+sink); n != "100" {
		t.Errorf("the sink has %s rows", n)
	}
}

// Each test fails for the reason for which it has to.
func (s *sparkRun) testBroken(t *testing.T) {
	good := setting{kind: "JDBC", class: "org.postgresql.Driver", plan: s.plan("broken_" + strings.ReplaceAll(s.version, ".", "_")), jars: []string{driver}}
	for name, tt := range map[string]struct {
		change func(*setting)
		reason string            // of every test that reads
		others map[string]string // reasons of some tests
	}{
		"wrong class": {func(c *setting) { c.class = "org.postgresql.driver" }, "class org.postgresql.driver is not found [java.lang.ClassNotFoundException: org.postgresql.driver]", nil},
		"wrong password": {func(c *setting) { c.password = "wr0ng-password" },
			`the data source refuses the credentials [org.postgresql.util.PSQLException: FATAL: password authentication failed for user "shop"]`, nil},
		"wrong expectations": {
			func(c *setting) {
				c.plan = strings.NewReplacer("count: 100", "count: 101", "customer: string", "customer: int, name: date").Replace(c.plan) + `tests:
  ColumnPartitioning: {expect: {count: 100, partitions: 5}}
  FilterPredicate: {options: {filterPredicate: total > 30}, expect: {count: 100}}
  DataTypeMapping: {options: {dataTypeMapping: {NUMERIC: STRING}}, expect: {count: 100, schema: {id: int, customer: string, total: int, placed: timestamp}}}
`
			},
			"failed: 101 rows expected, and 100 rows came []", map[string]string{
				"DataSchemaTest":         `failed: 101 rows expected, and 100 rows came; column "customer" is "string" and not int; column "name" is missing []`,
				"ColumnPartitioningTest": "failed: 5 partitions expected, and 4 came []",
				"FilterPredicateTest":    "failed: 100 rows expected, and 80 rows came []",
				"DataTypeMappingTest":    `failed: column "total" is "string" and not int []`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			tt.change(&c)
			r := s.run(t, c)
			if r.code != 1 || len(r.tables[0].Outcomes) != 11 {
				t.Fatalf("exit %d\n%s", r.code, r.output)
			}
			for _, o := range r.tables[0].Outcomes {
				if why := r.why(o.Test); !strings.HasPrefix(why, "failed") || !strings.Contains(why, cmp.Or(tt.others[o.Test], tt.reason)) {
					t.Errorf("%s: %s", o.Test, why)
				}
			}
		})
	}
}

// testSparkConnector takes spark-xml, which reads and writes files.
func (s *sparkRun) testSparkConnector(t *testing.T) {
	data := t.TempDir()
	write(t, filepath.Join(data, "books.xml"), []byte(`<books><book id="1"><title>A</title><price>1.5</price></book><book id="2"><title>B</title><price>2.5</price></book></books>`))
	plan := fmt.Sprintf(`options: {path: %s/books.xml, rowTag: book, rootTag: books}
secret: {env: {apiToken: DB_PASSWORD}}
sink: {path: %s/copy}
expect: {count: 2, schema: {_id: long, title: string, price: double}}
`, data, data)
	c := setting{kind: "Spark", class: "com.databricks.spark.xml", plan: plan, jars: xmlJars(t)}
	r := s.run(t, c)
	if r.code != 0 || r.tables[0].Count(trial.Passed) != 6 {
		t.Fatalf("exit %d\n%s", r.code, r.output)
	}
	c.plan = strings.NewReplacer("/copy", "/copy2", "count: 2", "count: 3", "title: string", "name: string").Replace(plan)
	r = s.run(t, c)
	for _, test := range []string{"DataSourceTest", "ReadWriteTest", "CatalogConnectionTest", "SecretsManagerTest", "DataSinkTest"} {
		if why := r.why(test); why != "failed: 3 rows expected, and 2 rows came []" {
			t.Errorf("%s: %s", test, why)
		}
	}
	if why := r.why("DataSchemaTest"); !strings.Contains(why, `column "name" is missing; column "title", of type "string", is not expected`) {
		t.Errorf("DataSchemaTest: %s", why)
	}
	c.plan, c.class = strings.Replace(plan, "/copy", "/copy3", 1), "com.databricks.spark.Xml"
	r = s.run(t, c)
	for _, o := range r.tables[0].Outcomes {
		if why := r.why(o.Test); !strings.Contains(why, "Spark finds no data source com.databricks.spark.Xml") {
			t.Errorf("wrong class: %s: %s", o.Test, why)
		}
	}
	c.class, c.jars = "com.databricks.spark.xml", c.jars[:1]
	if s.version != "3.5.6" {
		return
	}
	r = s.run(t, c)
	if why := r.why("DataSinkTest"); !strings.Contains(why, "is not found [") {
		t.Errorf("missing jar: %s\n%s", why, r.output)
	}
}

// A run that is stopped ends all that it started, and no argument of a program
// has the password while it works.
func (s *sparkRun) testCancel(t *testing.T) {
	plan := fmt.Sprintf(`options: {url: 'jdbc:postgresql://127.0.0.1:%s/postgres', query: SELECT pg_sleep(600)::text AS slept}
secret: {env: {username: DB_USER, password: DB_PASSWORD}}
`, s.db.port)
	p := s.prepare(t, setting{kind: "JDBC", class: "org.postgresql.Driver", plan: plan, jars: []string{driver}})
	var out strings.Builder
	p.Stdout, p.Stderr = &out, &out
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	s.db.await(t, "pg_sleep(600)")
	mine := programsWith(t, p.Dir)
	for _, line := range mine {
		if strings.Contains(line, realPassword) {
			t.Error("a program has the password among its arguments")
		}
	}
	if len(mine) < 2 {
		t.Errorf("programs: %q", mine)
	}
	began := time.Now()
	if err := p.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait()
	if took := time.Since(began); took > 5*time.Second || p.ProcessState.ExitCode() != 3 {
		t.Errorf("exit %d after %s\n%s", p.ProcessState.ExitCode(), took, out.String())
	}
	for i := 0; len(programsWith(t, p.Dir)) > 0; i++ {
		if time.Sleep(100 * time.Millisecond); i > 50 {
			t.Fatalf("still there: %q", programsWith(t, p.Dir))
		}
	}
	if left, _ := os.ReadDir(filepath.Join(p.Dir, "tmp")); len(left) > 0 {
		t.Errorf("left behind: %s", left)
	}
	var got report.Report
	if err := json.Unmarshal(read(t, filepath.Join(p.Dir, "report.json")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Tests) != 1 || got.Tests[0].Outcomes[0].State != trial.Stopped || got.Tests[0].Outcomes[1].Verdict != trial.NotTested {
		t.Errorf("%+v", got.Tests)
	}
}
