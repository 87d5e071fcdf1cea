package glue

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInterfaces(t *testing.T) {
	for spark, want := range map[string][]API{
		"2.2.1": {V1}, "2.4.3": {V1, V2Old}, "3.1.1": {V1, V2}, "3.5.6": {V1, V2}, "4.1.1": {V1, V2}, "3.10.0": {V1, V2},
	} {
		var got []API
		for _, i := range DataSourceInterfaces {
			if i.In(spark) && (len(got) == 0 || got[len(got)-1] != i.API) {
				got = append(got, i.API)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Spark %s: %s", spark, diff)
		}
	}
}

func TestMoved(t *testing.T) {
	for spark, want := range map[string]int{"2.2.1": 17, "2.4.3": 22, "3.1.1": 22, "3.3.0": 22, "3.5.6": 22, "4.1.1": 24} {
		n := 0
		for _, m := range moved {
			if class, ok := Moved(spark, m.name); ok && class == m.to {
				n++
			}
		}
		if n != want {
			t.Errorf("Spark %s: %d names, want %d", spark, n, want)
		}
	}
	if class, _ := Moved("3.5.4", "com.databricks.spark.csv"); class != "org.apache.spark.sql.execution.datasources.csv.CSVFileFormat" {
		t.Errorf("csv: %s", class)
	}
	if _, ok := Moved("3.5.4", "com.databricks.spark.xml"); ok {
		t.Error("XML is of Spark 4")
	}
}

func TestOwnAlias(t *testing.T) {
	if !OwnAlias("3.1.1", "JDBC") || OwnAlias("3.5.6", "xml") || !OwnAlias("4.1.1", "xml") || OwnAlias("4.1.1", "mongodb") || !OwnAlias("3.1.1", "binaryfile") {
		t.Error("the aliases of Spark")
	}
}
