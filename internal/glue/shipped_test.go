package glue

import (
	"strings"
	"testing"
)

func TestTables(t *testing.T) {
	seen := map[string]string{}
	for _, s := range Library {
		if s.Name == "" || s.Clash == "" || len(s.Packages) == 0 || !strings.HasPrefix(s.Source, "https://") {
			t.Errorf("incomplete: %+v", s)
		}
		for _, p := range s.Packages {
			if by, ok := seen[p]; ok {
				t.Errorf("%s is of %s and of %s", p, by, s.Name)
			}
			seen[p] = s.Name
		}
		for _, c := range s.Core {
			if strings.HasSuffix(c, ".class") || strings.Contains(c, ".") {
				t.Errorf("%s: core class %s", s.Name, c)
			}
		}
		for _, name := range []string{s.Since, s.Until} {
			if name != "" && index(name) < 0 {
				t.Errorf("%s: no Glue %s", s.Name, name)
			}
		}
		for name := range s.Versions {
			if v, ok := Find(name); !ok || !s.ShippedBy(v) {
				t.Errorf("%s: a version on Glue %s, which has it not", s.Name, name)
			}
		}
	}
}

func TestOf(t *testing.T) {
	for class, want := range map[string]string{
		"io/netty/channel/Channel.class":                                       "Netty",
		"com/acme/shaded/io/netty/channel/Channel.class":                       "",
		"io/nettyx/Channel":                                                    "",
		"scala/Option.class":                                                   "the Scala library",
		"scala/collection/immutable/List.class":                                "the Scala library",
		"scala/collection/compat/package.class":                                "", // scala-collection-compat
		"scala/jdk/CollectionConverters.class":                                 "",
		"scala/compat/java8/FutureConverters.class":                            "", // scala-java8-compat
		"scala/xml/Elem.class":                                                 "",
		"scala/util/parsing/combinator/Parsers.class":                          "",
		"org/apache/spark/rdd/RDD.class":                                       "Spark",
		"org/apache/spark/sql/cassandra/DefaultSource.class":                   "",
		"org/apache/spark/sql/catalyst/plans/logical/DeltaDelete.class":        "", // Delta, Iceberg, Hudi
		"org/apache/spark/sql/execution/datasources/SparkExpressionConverter$": "", // Iceberg
		"org/apache/spark/HoodieSparkKryoRegistrar.class":                      "", // Hudi
		"org/apache/hadoop/conf/Configuration.class":                           "Hadoop",
		"org/apache/hadoop/hive/ql/metadata/Hive.class":                        "Hive",
		"org/apache/hadoop/hbase/client/Table.class":                           "",
		"org/apache/hadoop/fs/azure/NativeAzureFileSystem.class":               "",
		"com/fasterxml/jackson/databind/ObjectMapper.class":                    "Jackson",
		"com/fasterxml/jackson/dataformat/yaml/YAMLFactory.class":              "",
		"software/amazon/awssdk/core/SdkClient.class":                          "the AWS SDK for Java v2",
		"com/amazonaws/ClientConfiguration.class":                              "the AWS SDK for Java v1",
		"com/amazonaws/services/s3/AmazonS3.class":                             "the AWS SDK for Java v1",
		"com/amazonaws/services/lambda/AWSLambda.class":                        "the AWS SDK for Java v1",
		"com/amazonaws/services/lambda/runtime/Context.class":                  "",
		"com/amazonaws/services/glue/model/Table.class":                        "the AWS SDK for Java v1",
		"com/amazonaws/services/glue/GlueContext.class":                        "the Glue libraries",
		"com/amazonaws/athena/connectors/jdbc/X.class":                         "",
		"com/amazonaws/athena/connector/lambda/handlers/MetadataHandler.class": "",
		"com/google/common/collect/ImmutableList.class":                        "Guava",
		"com/google/commonx/X.class":                                           "",
		"org/slf4j/impl/StaticLoggerBinder.class":                              "SLF4J",
		"X.class": "",
	} {
		got := ""
		if s := libraryOf(class); s != nil {
			got = s.Name
		}
		if got != want {
			t.Errorf("%s is of %q, want %q", class, got, want)
		}
	}
}

func TestBroughtBy(t *testing.T) {
	spark, sdk := Library[0], libraryOf("com/amazonaws/auth/Signer")
	hudi := map[string]bool{"org/apache/spark/HoodieSparkKryoRegistrar": true}
	if spark.BroughtBy(func(c string) bool { return hudi[c] }) || !spark.BroughtBy(func(c string) bool { return c == "org/apache/spark/rdd/RDD" }) {
		t.Error("an extension is taken for Spark, or Spark for an extension")
	}
	for _, v := range Versions {
		if sdk.ShippedBy(v) != v.AWSSDKForV1 {
			t.Errorf("SDK v1 on Glue %s", v.Name)
		}
	}
	for class, want := range map[string]bool{
		"com/amazonaws/services/s3/AmazonS3": true, "com/amazonaws/AmazonServiceException": true, "com/amazonaws/services/glue/AWSGlueClient": true,
		"com/amazonaws/services/glue/GlueContext": false, "com/amazonaws/services/lambda/runtime/RequestStreamHandler": false, "com/amazonaws/athena/X": false,
	} {
		if NeedsSDKV1(class) != want {
			t.Errorf("NeedsSDKV1(%s) = %t", class, !want)
		}
	}
}

// libraryOf gives the library that a class belongs to, or nil.
func libraryOf(class string) *Shipped {
	for i := range Library {
		if Library[i].HasClass(class) {
			return &Library[i]
		}
	}
	return nil
}

func TestVersionIn(t *testing.T) {
	v, _ := Find("5.1")
	got := map[string]string{}
	for _, s := range Library {
		if s.ShippedBy(v) {
			got[s.Name] = s.VersionIn(v)
		}
	}
	for name, want := range map[string]string{"Spark": "3.5.6", "Jackson": "2.15.2", "the AWS SDK for Java v2": "2.35.5", "Guava": ""} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}
