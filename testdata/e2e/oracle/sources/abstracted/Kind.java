package example.abstracted;

import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.RelationProvider;

/** An interface for data sources. */
public interface Kind extends RelationProvider, DataSourceRegister {
}
