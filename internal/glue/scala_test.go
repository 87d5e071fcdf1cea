package glue

import (
	"strings"
	"testing"
)

func TestScalaWith(t *testing.T) {
	for class, want := range map[string]string{
		"scala.Serializable":                       "2.11 2.12",
		"scala.collection.mutable.WrappedArray":    "2.11 2.12",
		"scala.collection.IterableOnce":            "2.13",
		"scala.$less$colon$less":                   "2.13",
		"scala.Predef$$less$colon$less":            "2.11 2.12",
		"scala.runtime.java8.JFunction0$mcV$sp":    "2.12 2.13",
		"scala.collection.TraversableLike$class":   "2.11",
		"scala.collection.Seq":                     "",
		"scala.Option":                             "",
		"com.acme.Trait$class":                     "",
		"com.acme.scala.collection.IterableOnce":   "",
		"scala.collection.immutable.StringOps":     "2.11 2.12",
		"scala.collection.StringOps":               "2.13",
		"scala.collection.generic.CanBuildFromAll": "",
	} {
		if got := strings.Join(ScalaWith(class), " "); got != want {
			t.Errorf("%s: %q, want %q", class, got, want)
		}
	}
}

func TestMayHave(t *testing.T) {
	for class, want := range map[string]bool{
		"org.apache.spark.sql.sources.RelationProvider": true, "java.sql.Driver": true, "org.postgresql.Driver": true,
		"javax.sql.DataSource": true, "javax.inject.Provider": true, "com.acme.Driver": false, "org.postgresqlx.Driver": false, "javafx.Application": false,
	} {
		if MayHave(class) != want {
			t.Errorf("%s: %v", class, !want)
		}
	}
	if !InJDK("javax.sql.DataSource") || InJDK("javax.inject.Provider") || InJDK("org.apache.spark.SparkContext") {
		t.Error("what the JDK has")
	}
}
