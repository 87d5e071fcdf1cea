package glue

import (
	"slices"
	"strings"
)

// scalaClasses are classes of the Scala library that compiled code often
// refers to, and that not every binary version has. They were read in
// scala-library 2.11.12, 2.12.18 and 2.13.17. What scala-collection-compat 2.7.0
// gives older versions, such as scala.jdk.CollectionConverters, is not among them:
// Spark ships that.
var scalaClasses = []struct {
	versions []string
	names    []string // one that ends in a dot is a package
}{
	{[]string{"2.11", "2.12"}, []string{
		"scala.Serializable", "scala.Cloneable", "scala.Predef$$less$colon$less", "scala.Predef$$eq$colon$eq", "scala.collection.GenIterable", "scala.collection.GenMap",
		"scala.collection.GenSeq", "scala.collection.GenSet", "scala.collection.GenTraversableOnce", "scala.collection.IndexedSeqLike",
		"scala.collection.IndexedSeqOptimized", "scala.collection.IterableLike", "scala.collection.JavaConversions", "scala.collection.JavaConversions$",
		"scala.collection.MapLike", "scala.collection.SeqLike", "scala.collection.SetLike", "scala.collection.Traversable",
		"scala.collection.TraversableLike", "scala.collection.TraversableOnce", "scala.collection.convert.Decorators",
		"scala.collection.generic.CanBuildFrom", "scala.collection.generic.FilterMonadic", "scala.collection.generic.GenericCompanion",
		"scala.collection.generic.Growable", "scala.collection.immutable.StringLike", "scala.collection.immutable.StringOps",
		"scala.collection.immutable.Traversable", "scala.collection.mutable.ArrayOps", "scala.collection.mutable.WrappedArray",
		"scala.collection.mutable.WrappedArray$", "scala.collection.parallel.ParIterableLike",
	}},
	{[]string{"2.13"}, []string{
		"scala.$less$colon$less", "scala.$eq$colon$eq", "scala.ValueOf", "scala.collection.ArrayOps", "scala.collection.BuildFrom", "scala.collection.Factory",
		"scala.collection.IterableFactory", "scala.collection.IterableOnce", "scala.collection.IterableOnceOps", "scala.collection.IterableOps",
		"scala.collection.MapFactory", "scala.collection.MapOps", "scala.collection.SeqFactory", "scala.collection.SeqOps",
		"scala.collection.SetOps", "scala.collection.StrictOptimizedIterableOps", "scala.collection.StrictOptimizedSeqOps",
		"scala.collection.StringOps", "scala.collection.View", "scala.collection.WithFilter", "scala.collection.convert.AsJavaExtensions",
		"scala.collection.convert.AsScalaExtensions", "scala.collection.immutable.ArraySeq", "scala.collection.immutable.LazyList",
		"scala.jdk.javaapi.",
	}},
	{[]string{"2.12", "2.13"}, []string{
		"scala.runtime.LambdaDeserialize", "scala.runtime.LazyBoolean", "scala.runtime.LazyInt", "scala.runtime.LazyLong", "scala.runtime.LazyRef",
		"scala.runtime.StructuralCallSite", "scala.runtime.SymbolLiteral", "scala.runtime.java8.",
	}},
}

// ScalaWith gives the binary versions of Scala whose library has a class,
// scala.collection.Seq: none if all have it, or it is none of those known here.
func ScalaWith(class string) []string {
	if !strings.HasPrefix(class, "scala.") {
		return nil
	}
	// Up to 2.11, the code of a trait was in a class of its own.
	if strings.HasSuffix(class, "$class") {
		return []string{"2.11"}
	}
	for _, s := range scalaClasses {
		if slices.ContainsFunc(s.names, func(name string) bool {
			return class == name || strings.HasSuffix(name, ".") && strings.HasPrefix(class, name)
		}) {
			return s.versions
		}
	}
	return nil
}
