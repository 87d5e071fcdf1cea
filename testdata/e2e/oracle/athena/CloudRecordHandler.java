package example.athena.cloud;

import com.amazonaws.athena.connector.lambda.QueryStatusChecker;
import com.amazonaws.athena.connector.lambda.data.BlockSpiller;
import com.amazonaws.athena.connector.lambda.handlers.RecordHandler;
import com.amazonaws.athena.connector.lambda.records.ReadRecordsRequest;

/** The other half. */
public class CloudRecordHandler extends RecordHandler {
	public CloudRecordHandler() {
		super("cloud");
	}

	@Override
	protected void readWithConstraint(BlockSpiller spiller, ReadRecordsRequest request, QueryStatusChecker status) {
		throw new UnsupportedOperationException();
	}
}
