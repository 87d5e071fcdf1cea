package example.v2;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A data source of version 2, named by its class. */
public class Source implements TableProvider {
	@Override
	public StructType inferSchema(CaseInsensitiveStringMap options) {
		return new StructType().add("n", "int");
	}

	@Override
	public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
		return new Rows(schema);
	}

	/** A class of the connector that is no data source. */
	public static class Rows implements SupportsRead {
		private final StructType schema;

		public Rows(StructType schema) {
			this.schema = schema;
		}

		@Override
		public String name() {
			return "rows";
		}

		@Override
		public StructType schema() {
			return schema;
		}

		@Override
		public Set<TableCapability> capabilities() {
			return Collections.singleton(TableCapability.BATCH_READ);
		}

		@Override
		public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
			throw new UnsupportedOperationException();
		}
	}
}
