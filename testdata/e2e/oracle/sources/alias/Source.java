package example.alias;

import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.RelationProvider;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Map;

/** A data source as connectors have it: registered, with a constant alias. */
public class Source implements RelationProvider, DataSourceRegister {
	@Override
	public String shortName() {
		return "exampleAlias";
	}

	@Override
	public BaseRelation createRelation(SQLContext context, Map<String, String> options) {
		return new BaseRelation() {
			@Override
			public SQLContext sqlContext() {
				return context;
			}

			@Override
			public StructType schema() {
				return new StructType().add("n", "int");
			}
		};
	}
}
