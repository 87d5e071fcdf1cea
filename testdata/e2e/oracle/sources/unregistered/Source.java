package example.unregistered;

import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.RelationProvider;
import scala.collection.immutable.Map;

/** A data source that has no alias, since it is no DataSourceRegister. */
public class Source implements RelationProvider {
	public String shortName() {
		return "example-unregistered";
	}

	@Override
	public BaseRelation createRelation(SQLContext context, Map<String, String> options) {
		return new example.alias.Source().createRelation(context, options);
	}
}
