package trial

import "slices"

// Kind is a connector's type as connection types spell it: custom.jdbc.
type Kind string

// The kinds.
const (
	JDBC   Kind = "jdbc"
	Spark  Kind = "spark"
	Athena Kind = "athena"
)

// Runner is where trials run.
type Runner string

// The runners: step 5 of the guide and its step 6.
const (
	Local Runner = "local"
	Glue  Runner = "glue"
)

// Test is one test of the guide.
type Test struct {
	// Name is the test's name without the Test that the guide ends it with.
	Name string
	// Summary says in half a line what a connector shows by it.
	Summary string
	// Local and Glue are the kinds of connector that it applies to.
	Local, Glue []Kind
}

// In gives the kinds of connector that the test applies to with a runner.
func (t Test) In(r Runner) []Kind {
	if r == Glue {
		return t.Glue
	}
	return t.Local
}

// Kinds gives the kinds of connector that the test applies to at all.
func (t Test) Kinds() []Kind {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(t.Local, t.Glue))))
}

// Title is the test's name as the guide's tables have it.
func (t Test) Title() string { return t.Name + "Test" }

var (
	onlyJDBC  = []Kind{JDBC}
	jdbcSpark = []Kind{JDBC, Spark}
	every     = []Kind{JDBC, Spark, Athena}
)

// Tests are the guide's, in the order of its tables: localValidation/README.md
// and glueJobValidation/README.md of aws-glue-samples. The Glue jobs' table has
// no CatalogConnectionTest, since there all tests may use a connection, and no
// column for Athena.
var Tests = []Test{
	{Name: "DataSource", Summary: "data is read with the connector", Local: every, Glue: jdbcSpark},
	{Name: "ReadWrite", Summary: "what was read can be written to storage and read back", Local: every, Glue: jdbcSpark},
	{Name: "CatalogConnection", Summary: "data is read through a connection", Local: every},
	{Name: "DataSchema", Summary: "the columns and their types are the expected ones", Local: every, Glue: jdbcSpark},
	{Name: "SecretsManager", Summary: "the credentials are taken from a secret", Local: jdbcSpark, Glue: jdbcSpark},
	{Name: "DataSink", Summary: "data is written with the connector", Local: jdbcSpark, Glue: jdbcSpark},
	{Name: "ColumnPartitioning", Summary: "data is read in several partitions, by ranges of a column", Local: onlyJDBC, Glue: onlyJDBC},
	{Name: "FilterPredicate", Summary: "rows are filtered by the data source", Local: onlyJDBC, Glue: onlyJDBC},
	{Name: "JDBCUrl", Summary: "the JDBC URL takes the credentials and the parameters", Local: onlyJDBC, Glue: onlyJDBC},
	{Name: "DbtableQuery", Summary: "a query is read in place of a table", Local: onlyJDBC, Glue: onlyJDBC},
	{Name: "DataTypeMapping", Summary: "a type of the data source becomes another one", Local: onlyJDBC, Glue: onlyJDBC},
}

// Find gives the guide's test of a name.
func Find(name string) (Test, bool) {
	i := slices.IndexFunc(Tests, func(t Test) bool { return t.Name == name })
	if i < 0 {
		return Test{}, false
	}
	return Tests[i], true
}
