package example.taken;

/** A data source with an alias that Spark has itself. */
public class Source extends example.alias.Source {
	@Override
	public String shortName() {
		return "Parquet";
	}
}
