package example.catalog;

import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A catalog, which no format() takes. */
public class Catalog implements CatalogPlugin {
	@Override
	public void initialize(String name, CaseInsensitiveStringMap options) {
	}

	@Override
	public String name() {
		return "example";
	}
}
