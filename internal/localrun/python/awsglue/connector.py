"""Reads and writes with a connector as AWS documents it for custom.* and
marketplace.*, by Spark's own readers and writers.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect.html
"""
import json
import os
import re

# What a Data Catalog and AWS Secrets Manager would have.
known = json.loads(os.environ.get("GLUE_CONNECTOR_STAND_IN", "{}"))


def read(spark, connection_type, options):
    kind, options = resolve(connection_type, options)
    reader = spark.read
    if kind == "jdbc":
        mapping = options.pop("dataTypeMapping", None)
        options = jdbc(options)
        if mapping:
            options["customSchema"] = custom_schema(spark, options, mapping)
        reader = reader.format("jdbc")
    else:
        reader = reader.format(options.pop("className"))
    return reader.options(**options).load()


def write(df, connection_type, options):
    kind, options = resolve(connection_type, options)
    if kind == "jdbc":
        options = jdbc(options)
        writer = df.write.format("jdbc")
    else:
        writer = df.write.format(options.pop("className"))
    writer.options(**options).mode("append").save()


def resolve(connection_type, options):
    """Gives a connector's kind, and its options with those of the connection
    and the keys of the secret."""
    market, _, kind = connection_type.partition(".")
    if market not in ("custom", "marketplace") or kind not in ("jdbc", "spark"):
        raise ValueError("plain Spark has no connection type " + connection_type)
    options = dict(options)
    name = options.pop("connectionName", None)
    if name is not None:
        if name not in known.get("connections", {}):
            raise ValueError("Connection %s not found" % name)
        options = {**known["connections"][name], **options}
    secret = {}
    secret_id = options.pop("secretId", None)
    if secret_id is not None:
        if secret_id not in known.get("secrets", {}):
            raise ValueError("Secrets Manager can't find the specified secret: " + secret_id)
        secret = known["secrets"][secret_id]
    if kind == "jdbc":
        options["url"] = fill(options["url"], secret)
        secret = {{"username": "user"}.get(k.lower(), k.lower()): v for k, v in secret.items()}
        if "username" in options:
            options["user"] = options.pop("username")
    return kind, {**secret, **options}


def fill(url, secret):
    """Fills in ${key} from the secret."""

    def value(match):
        if match.group(1) not in secret:
            raise ValueError("the secret has no key for ${%s} in the JDBC URL" % match.group(1))
        return secret[match.group(1)]

    return re.sub(r"\$\{([^}]+)\}", value, url)


def jdbc(options):
    """Gives the options of Spark's data source jdbc."""
    options = dict(options)
    options["driver"] = options.pop("className")
    table, query = options.pop("dbTable", None), options.pop("query", None)
    if (table is None) == (query is None):
        raise ValueError("one of dbTable and query is needed")
    predicate = options.pop("filterPredicate", None)
    if predicate is not None:
        if query is None:
            query = "SELECT * FROM " + table
        word = "AND" if re.search(r"\bwhere\b", query, re.IGNORECASE) else "WHERE"
        query = "%s %s %s" % (query, word, predicate)
    options["dbtable"] = table if query is None else "(%s) glue_data" % query
    return options


def custom_schema(spark, options, mapping):
    """Gives the columns whose JDBC type is to be another one."""
    jvm = spark._jvm
    drivers = jvm.org.apache.spark.sql.execution.datasources.jdbc.DriverRegistry
    drivers.register(options["driver"])
    properties = jvm.java.util.Properties()
    for name in ("user", "password"):
        if name in options:
            properties.setProperty(name, options[name])
    connection = drivers.get(options["driver"]).connect(options["url"], properties)
    try:
        found = connection.prepareStatement("SELECT * FROM %s WHERE 1 = 0" % options["dbtable"]).executeQuery().getMetaData()
        columns = []
        for i in range(1, found.getColumnCount() + 1):
            to = mapping.get(jvm.java.sql.JDBCType.valueOf(found.getColumnType(i)).getName())
            if to is not None:
                columns.append("`%s` %s" % (found.getColumnLabel(i).replace("`", "``"), to))
    finally:
        connection.close()
    if not columns:
        raise ValueError("no column has a type of dataTypeMapping: " + ", ".join(mapping))
    return ", ".join(columns)
