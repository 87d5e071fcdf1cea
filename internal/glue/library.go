package glue

import "strings"

// Library lists what clashes with a connector's own copy. The names are from
// the migration guides' tables of libraries; packages and core classes were
// read in the libraries' own jars on Maven Central, Spark's build being the
// guide to what a Spark distribution has besides.
var Library = []Shipped{
	{
		Name: "Spark", of: func(v Version) string { return v.Spark }, Clash: Breaks, Source: to60,
		// Not all of org/apache/spark/: extensions live there too.
		Packages: []string{
			"org/apache/spark/rdd", "org/apache/spark/scheduler", "org/apache/spark/storage", "org/apache/spark/shuffle",
			"org/apache/spark/sql/catalyst/encoders", "org/apache/spark/sql/catalyst/expressions/codegen",
		},
		Core: []string{
			"org/apache/spark/SparkContext", "org/apache/spark/SparkEnv", "org/apache/spark/rdd/RDD", "org/apache/spark/sql/SparkSession",
			"org/apache/spark/sql/catalyst/InternalRow", "org/apache/spark/sql/sources/RelationProvider", "org/apache/spark/sql/connector/catalog/TableProvider",
		},
	},
	{
		Name: "the Scala library", of: func(v Version) string { return v.ScalaVersion }, Clash: Breaks, Source: to60,
		// Not all of scala/: scala-xml, the parser combinators, and the compat
		// modules (in scala/jdk, scala/util, scala/collection/compat) are
		// libraries of their own.
		Packages: []string{
			"scala", "scala/collection", "scala/collection/convert/", "scala/collection/generic", "scala/collection/immutable", "scala/collection/mutable",
			"scala/concurrent", "scala/io", "scala/math", "scala/reflect", "scala/runtime", "scala/sys/",
		},
		Core: []string{"scala/Option", "scala/Predef", "scala/Function1", "scala/collection/immutable/List"},
		Note: "where it is another binary version, the connector is built for another Scala",
	},
	{
		Name: "Hadoop", of: func(v Version) string { return v.Hadoop }, Clash: Breaks, Source: to60,
		Packages: []string{
			"org/apache/hadoop/conf", "org/apache/hadoop/fs", "org/apache/hadoop/io/", "org/apache/hadoop/ipc/", "org/apache/hadoop/mapred/",
			"org/apache/hadoop/mapreduce/", "org/apache/hadoop/security/", "org/apache/hadoop/hdfs/", "org/apache/hadoop/yarn/", "org/apache/hadoop/util/",
		},
		Core: []string{"org/apache/hadoop/conf/Configuration", "org/apache/hadoop/fs/FileSystem", "org/apache/hadoop/io/Writable"},
	},
	{
		Name: "Hive", of: func(v Version) string { return v.Hive }, Clash: MayClash, Source: to60,
		Packages: []string{"org/apache/hadoop/hive/"},
		Core:     []string{"org/apache/hadoop/hive/ql/metadata/Hive", "org/apache/hadoop/hive/metastore/HiveMetaStoreClient"},
	},
	{
		Name: "Jackson", of: func(v Version) string { return v.Jackson }, Clash: MayClash, Source: to60,
		Packages: []string{
			"com/fasterxml/jackson/core/", "com/fasterxml/jackson/databind/", "com/fasterxml/jackson/annotation/", "com/fasterxml/jackson/module/scala/",
		},
		Core: []string{"com/fasterxml/jackson/core/JsonFactory", "com/fasterxml/jackson/databind/ObjectMapper", "com/fasterxml/jackson/annotation/JsonProperty"},
		Note: "its parts check each other's version when they are loaded",
	},
	{
		Name: "json4s", of: func(v Version) string { return v.Json4s }, Clash: MayClash, Source: to60, Since: "1.0",
		Packages: []string{"org/json4s/"}, Core: []string{"org/json4s/DefaultFormats", "org/json4s/JsonAST"},
	},
	{
		Name: "Arrow", of: func(v Version) string { return v.Arrow }, Clash: MayClash, Source: to60, Since: "1.0",
		Packages: []string{"org/apache/arrow/"}, Core: []string{"org/apache/arrow/vector/VectorSchemaRoot"},
	},
	{
		Name: "Netty", Clash: MayClash, Source: to60, Versions: map[string]string{"6.0": "4.2.7"},
		Packages: []string{"io/netty/"}, Core: []string{"io/netty/buffer/ByteBuf", "io/netty/util/internal/PlatformDependent"},
	},
	{
		Name: "Parquet", Clash: MayClash, Source: to60, Versions: map[string]string{"6.0": "1.16.0"},
		Packages: []string{"org/apache/parquet/"}, Core: []string{"org/apache/parquet/schema/MessageType", "org/apache/parquet/hadoop/ParquetFileReader"},
	},
	{
		Name: "Avro", Clash: MayClash, Source: sparkBuild,
		Packages: []string{"org/apache/avro/"}, Core: []string{"org/apache/avro/Schema"},
	},
	{
		Name: "Guava", Clash: MayClash, Source: sparkBuild,
		Packages: []string{"com/google/common/"}, Core: []string{"com/google/common/collect/ImmutableList"},
	},
	{
		Name: "SLF4J", Clash: MayClash, Source: sparkBuild,
		Packages: []string{"org/slf4j/"}, Core: []string{"org/slf4j/LoggerFactory", "org/slf4j/impl/StaticLoggerBinder"},
		Note: "a second binding is chosen by chance, and may silence the job's log",
	},
	{
		Name: "Log4j", Clash: MayClash, Source: to40,
		Packages: []string{"org/apache/log4j/", "org/apache/logging/log4j/"},
		Core:     []string{"org/apache/log4j/Logger", "org/apache/logging/log4j/LogManager", "org/apache/logging/log4j/core/LoggerContext"},
		Note:     "1.x up to Glue 3.0; from 4.0 on 2.x, with the bridge that has the classes of 1.x",
	},
	{
		Name: "the AWS SDK for Java v2", Clash: MayClash, Source: to60, Since: "5.0",
		Packages: []string{"software/amazon/awssdk/"}, Core: []string{"software/amazon/awssdk/core/SdkClient"},
		Versions: map[string]string{"5.0": "2.29.52", "5.1": "2.35.5", "6.0": "2.44.6"},
		Note:     "on Glue 6.0 with --user-jars-first, one older than 2.44.6 may break the job",
	},
	{
		Name: "the AWS SDK for Java v1", Clash: MayClash, Source: to60, Until: "5.1",
		Packages: sdkV1, Except: notSDKV1, Core: []string{"com/amazonaws/AmazonWebServiceClient", "com/amazonaws/ClientConfiguration"},
		Versions: map[string]string{"3.0": "1.12", "4.0": "1.12"},
		Note:     "gone in Glue 6.0, where a connector that needs it must bring it along",
	},
	{
		Name: "the Glue libraries", Clash: MayClash, Source: guide + "develop-local-docker-image.html",
		Packages: []string{"com/amazonaws/services/glue", "com/amazonaws/services/glue/util/", "com/amazonaws/services/glue/log/", "com/amazonaws/glue/catalog/"},
		Core:     []string{"com/amazonaws/services/glue/GlueContext", "com/amazonaws/services/glue/DynamicFrame"},
		Note:     "AWSGlueETL and the Data Catalog client",
	},
}

const sparkBuild = "https://github.com/apache/spark/blob/master/dev/deps/spark-deps-hadoop-3-hive-2.3"

// sdkV1 are the packages of the AWS SDK for Java v1: those of
// aws-java-sdk-core, jmespath-java and the services' clients, read in version
// 1.12.681. Not all of com/amazonaws/ is the SDK's: the Athena federation SDK
// and AWS's own connectors are in com/amazonaws/athena, Redshift's driver is
// in com/amazon.
var sdkV1 = []string{
	"com/amazonaws", "com/amazonaws/adapters/", "com/amazonaws/annotation/", "com/amazonaws/arn/", "com/amazonaws/auth/", "com/amazonaws/cache/",
	"com/amazonaws/client/", "com/amazonaws/endpointdiscovery/", "com/amazonaws/event/", "com/amazonaws/handlers/", "com/amazonaws/http/",
	"com/amazonaws/internal/", "com/amazonaws/jmespath/", "com/amazonaws/jmx/", "com/amazonaws/log/", "com/amazonaws/metrics/", "com/amazonaws/monitoring/",
	"com/amazonaws/partitions/", "com/amazonaws/profile/", "com/amazonaws/protocol/", "com/amazonaws/regions/", "com/amazonaws/retry/",
	"com/amazonaws/services/", "com/amazonaws/transform/", "com/amazonaws/util/", "com/amazonaws/waiters/",
}

// notSDKV1 are libraries of their own in com/amazonaws/services: Lambda's
// runtime interface (aws-lambda-java-core, which the Athena federation SDK
// needs in every version), the Kinesis client library, the Glue schema
// registry, and Glue's ETL library, which shares the package of the SDK's client
// for Glue (AWSGlue, AWSGlueClient).
var notSDKV1 = []string{
	"com/amazonaws/services/lambda/runtime/", "com/amazonaws/services/kinesis/clientlibrary/", "com/amazonaws/services/kinesis/leases/",
	"com/amazonaws/services/kinesis/metrics/", "com/amazonaws/services/schemaregistry/",
	"com/amazonaws/services/glue", "com/amazonaws/services/glue/util/", "com/amazonaws/services/glue/log/",
}

// NeedsSDKV1 tells whether a class that a connector refers to, com/example/X,
// is of the AWS SDK for Java v1.
func NeedsSDKV1(class string) bool {
	return Shipped{Packages: sdkV1, Except: notSDKV1}.HasClass(class) || strings.HasPrefix(class, "com/amazonaws/services/glue/AWSGlue")
}
