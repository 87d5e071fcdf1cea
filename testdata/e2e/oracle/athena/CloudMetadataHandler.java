package example.athena.cloud;

import com.amazonaws.athena.connector.lambda.QueryStatusChecker;
import com.amazonaws.athena.connector.lambda.data.BlockAllocator;
import com.amazonaws.athena.connector.lambda.data.BlockWriter;
import com.amazonaws.athena.connector.lambda.handlers.MetadataHandler;
import com.amazonaws.athena.connector.lambda.metadata.GetSplitsRequest;
import com.amazonaws.athena.connector.lambda.metadata.GetSplitsResponse;
import com.amazonaws.athena.connector.lambda.metadata.GetTableLayoutRequest;
import com.amazonaws.athena.connector.lambda.metadata.GetTableRequest;
import com.amazonaws.athena.connector.lambda.metadata.GetTableResponse;
import com.amazonaws.athena.connector.lambda.metadata.ListSchemasRequest;
import com.amazonaws.athena.connector.lambda.metadata.ListSchemasResponse;
import com.amazonaws.athena.connector.lambda.metadata.ListTablesRequest;
import com.amazonaws.athena.connector.lambda.metadata.ListTablesResponse;

/** Half of a connector for Athena, as AWS's own are named. */
public class CloudMetadataHandler extends MetadataHandler {
	public CloudMetadataHandler() {
		super("cloud");
	}

	@Override
	public ListSchemasResponse doListSchemaNames(BlockAllocator allocator, ListSchemasRequest request) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ListTablesResponse doListTables(BlockAllocator allocator, ListTablesRequest request) {
		throw new UnsupportedOperationException();
	}

	@Override
	public GetTableResponse doGetTable(BlockAllocator allocator, GetTableRequest request) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void getPartitions(BlockWriter writer, GetTableLayoutRequest request, QueryStatusChecker status) {
		throw new UnsupportedOperationException();
	}

	@Override
	public GetSplitsResponse doGetSplits(BlockAllocator allocator, GetSplitsRequest request) {
		throw new UnsupportedOperationException();
	}
}
