package org.apache.spark.example;

/** A data source below Spark's own package, which wins where aliases are equal. */
public class Source extends example.alias.Source {
}
