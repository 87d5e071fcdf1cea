package trial

import (
	"fmt"
	"slices"
	"strconv"
)

// rows are the options that say which rows to read: a sink has none of them.
var rows = []string{"dbTable", "query", "filterPredicate", "partitionColumn", "lowerBound", "upperBound", "numPartitions", "dataTypeMapping"}

func (p *Plan) sink(t *Trial, c Case, target Target) string {
	sink := merge(p.Sink, c.Sink)
	if len(sink) == 0 {
		return "the plan names no sink"
	}
	under := p.Options
	if p.Kind == JDBC {
		under = without(under, rows...)
		if !has(sink, "dbTable") {
			return "the sink names no dbTable"
		}
		if value(sink, "dbTable") == value(p.Options, "dbTable") {
			return "the sink is the table that is read"
		}
	}
	t.Sink, _ = p.through(merge(under, sink), target, target.Published)
	return ""
}

// whole finds the first column of the expected schema with whole numbers.
func (p *Plan) wholeNumbers(types ...string) (Column, bool) {
	for _, c := range p.Expect.Schema {
		if slices.Contains(types, c.Type) {
			return c, true
		}
	}
	return Column{}, false
}

// partitioning takes the first column of whole numbers for the partition column,
// and ranges from 0 to the count of rows: rows beyond are in the outer ranges.
func (p *Plan) partitioning(t *Trial, options []Option) ([]Option, string) {
	set := func(name, v string) {
		if !has(options, name) {
			options = append(slices.Clone(options), Option{Name: name, Value: v})
		}
	}
	if !has(options, "dbTable") {
		return options, "the plan names no dbTable to part"
	}
	if !has(options, "partitionColumn") {
		c, ok := p.wholeNumbers("int", "bigint", "smallint")
		if !ok {
			return options, "the plan names no partitionColumn, and expects no column of whole numbers"
		}
		set("partitionColumn", c.Name)
		t.Note = "by column " + c.Name
	}
	parts, err := strconv.ParseInt(value(options, "numPartitions"), 10, 32)
	if err != nil {
		parts = 4
	}
	upper := max(parts, 100)
	if p.Expect.Count != nil {
		upper = max(parts, *p.Expect.Count)
	}
	set("lowerBound", "0")
	set("upperBound", strconv.FormatInt(upper, 10))
	set("numPartitions", strconv.FormatInt(parts, 10))
	low, err1 := strconv.ParseInt(value(options, "lowerBound"), 10, 64)
	high, err2 := strconv.ParseInt(value(options, "upperBound"), 10, 64)
	if err1 == nil && err2 == nil && high > low {
		t.Expect.Partitions = Ref(int(min(parts, high-low))) // Spark makes no more of a smaller range
	}
	return options, ""
}

// predicate takes a filter that no row passes: a source that does not filter is
// found out by all rows.
func (p *Plan) predicate(t *Trial, options []Option) ([]Option, string) {
	if has(options, "filterPredicate") {
		return options, ""
	}
	if !has(options, "dbTable") {
		return options, "the plan names no filterPredicate, which Glue adds to the query"
	}
	t.Expect.Count = Ref(int64(0))
	t.Note = "with a filter that no row passes"
	return append(slices.Clone(options), Option{Name: "filterPredicate", Value: "1 = 0"}), ""
}

func (p *Plan) query(t *Trial, options []Option) []Option {
	if has(options, "query") {
		return options
	}
	t.Note = "all columns of the table"
	return append(without(options, "dbTable"), Option{Name: "query", Value: "SELECT * FROM " + value(options, "dbTable")})
}

// mapping makes texts of the whole numbers, and expects texts.
func (p *Plan) mapping(t *Trial, options []Option, c Case) ([]Option, string) {
	if has(options, "dataTypeMapping") {
		if c.Expect.Schema == nil {
			return options, "the plan maps types, and expects no schema of the test"
		}
		return options, ""
	}
	first, ok := p.wholeNumbers("int", "bigint")
	if !ok {
		return options, "the plan has no dataTypeMapping, and expects no column of type int or bigint"
	}
	from := map[string]string{"int": "INTEGER", "bigint": "BIGINT"}[first.Type]
	t.Expect.Schema = slices.Clone(p.Expect.Schema)
	for i, col := range t.Expect.Schema {
		if col.Type == first.Type {
			t.Expect.Schema[i].Type = "string"
		}
	}
	t.Note = fmt.Sprintf("%s as STRING", from)
	return append(slices.Clone(options), Option{Name: "dataTypeMapping", Map: []Option{{Name: from, Value: "STRING"}}}), ""
}
