package check

// Rules are all rules, sorted by ID. To add one: write rule_<id>.go after the
// pattern of its neighbours, add its line here, a fixture that fires it in
// testdata/check, and its row in the README (go test ./internal/action -update
// writes it); a test names what is missing.
var Rules = []Rule{
	classDuplicate,
	configClassName,
	configConnectionType,
	configConnectorType,
	configEncoding,
	configKeyDuplicate,
	configKeyMissing,
	configKeyUnknown,
	configReleaseTimestamp,
	configSyntax,
	configText,
	configValue,
	imageTag,
	imageUnpack,
	jarArchive,
	jarEntry,
	jarName,
	jarNameCase,
	jarNameDuplicate,
	jarNested,
	jarSecret,
	jarSignature,
	linkClassName,
	linkConnectionSize,
	linkDescription,
	linkJDBCPlaceholder,
	linkJDBCURL,
	linkName,
	linkText,
	linkType,
	linkURL,
	linkVersion,
	usageInstructions,
}
