package glue

import (
	"slices"
	"strings"
	"testing"
)

func TestVersions(t *testing.T) {
	for _, v := range Versions {
		if v.Spark == "" || v.Scala == "" || v.Java == 0 || int(v.ClassMajor) != v.Java+44 || !strings.HasPrefix(v.Source, "https://docs.aws.amazon.com/") {
			t.Errorf("version %+v", v)
		}
	}
	if !slices.IsSortedFunc(Versions, func(a, b Version) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the versions are not sorted")
	}
	if got := Names(InService()); got != "3.0, 4.0, 5.0, 5.1, 6.0" {
		t.Errorf("in service: %s", got)
	}
	if _, ok := Find("5"); ok {
		t.Error("5 is a version")
	}
}

func TestScalaOf(t *testing.T) {
	for name, want := range map[string]string{
		"spark-redshift_2.12-4.2.0.jar": "2.12", "elasticsearch-spark-30_2.13-8.11.0.jar": "2.13", "spark-snowflake_2.12-2.9.1-spark_3.1.jar": "2.12",
		"delta-core_2.12": "2.12", "mongo-spark-connector_2.11-2.4.0.jar": "2.11", "lib_3-1.0.jar": "3", "spark-bigquery-with-dependencies_2.12-0.32.2.jar": "2.12",
		"foo-2.12.jar": "", "foo-2.12.1.jar": "", "foo_2.12.1.jar": "", "postgresql-42.7.3.jar": "", "x_2.1-1.jar": "", "a_30-1.jar": "",
	} {
		if got, ok := ScalaOf(name); got != want || ok != (want != "") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestShipped(t *testing.T) {
	for pkg, want := range map[string]string{
		"io/netty/channel": "Netty", "com/acme/shaded/io/netty/channel": "", "scala/collection": "the Scala library",
		"org/apache/spark/sql/acme": "", "com/amazonaws/athena/connectors": "", "com/amazonaws/auth/profile": "the AWS SDK",
	} {
		got := ""
		for _, s := range Library {
			if s.Has(pkg) {
				got = s.Name
			}
		}
		if got != want {
			t.Errorf("%s is of %q, want %q", pkg, got, want)
		}
	}
}
