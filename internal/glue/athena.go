package glue

// The base classes of handlers in the Athena query federation SDK, of all its
// versions. A connector has a handler for metadata and one for records. A
// CompositeHandler only joins the two for one Lambda function: it is neither.
const (
	MetadataHandler     = "com.amazonaws.athena.connector.lambda.handlers.MetadataHandler"
	RecordHandler       = "com.amazonaws.athena.connector.lambda.handlers.RecordHandler"
	GlueMetadataHandler = "com.amazonaws.athena.connector.lambda.handlers.GlueMetadataHandler" // a MetadataHandler
	CompositeHandler    = "com.amazonaws.athena.connector.lambda.handlers.CompositeHandler"
	UserDefinedFunction = "com.amazonaws.athena.connector.lambda.handlers.UserDefinedFunctionHandler" // not supported by Glue
)

// FederationSDK is a release of com.amazonaws:aws-athena-federation-sdk.
type FederationSDK struct {
	Version    string
	ClassMajor uint16 // of its own classes
	Arrow      string // empty if not known
	// AWSSDKForV1 tells whether its handlers need the AWS SDK for Java v1;
	// the others need v2.
	AWSSDKForV1 bool
	Source      string
}

const federation = "https://central.sonatype.com/artifact/com.amazonaws/aws-athena-federation-sdk/"

// FederationSDKs are the releases at which something changes, the oldest
// first. All but the first, which is not on Maven Central, were read in the
// jar and in the pom of its parent. Glue is documented to work with 2020.5.1:
// "As of 12/21/2020, Glue supports Athena connectors built with
// athena-federation-sdk version 2020.5.1"; of later ones AWS says nothing.
var FederationSDKs = []FederationSDK{
	{Version: "2020.5.1", ClassMajor: java8, Arrow: "0.11.0", AWSSDKForV1: true,
		Source: "https://github.com/aws-samples/aws-glue-samples/tree/master/GlueCustomConnectors/development/Athena"},
	{Version: "2021.18.1", ClassMajor: java8, AWSSDKForV1: true, Source: federation + "2021.18.1"},
	{Version: "2022.47.1", ClassMajor: 55, Arrow: "9.0.0", AWSSDKForV1: true, Source: federation + "2022.47.1"},
	{Version: "2023.3.1", ClassMajor: 55, Arrow: "10.0.1", AWSSDKForV1: true, Source: federation + "2023.3.1"},
	{Version: "2025.8.1", ClassMajor: 55, Arrow: "18.1.0", Source: federation + "2025.8.1"},
	{Version: "2026.24.1", ClassMajor: 55, Arrow: "18.3.0", Source: federation + "2026.24.1"},
}
