package action

import (
	"slices"
	"strings"

	"glue-connector/internal/connector"
	"glue-connector/internal/trial"
)

// Mode is what a run is asked to do.
type Mode string

// The modes. Each includes the ones before it, but for verify, which looks at
// what is in the registry already.
const (
	Check Mode = "check"
	Build Mode = "build"
	Push  Mode = "push"
	// Publish is a push, and the version in AWS Marketplace.
	Publish Mode = "publish"
	Verify  Mode = "verify"
	// Test runs the guide's tests.
	Test Mode = "test"
	// Comment posts the report of a run that could not.
	Comment Mode = "comment"
)

// modes lists them with what their help says.
var modes = []struct {
	Mode Mode
	Help string
}{
	{Check, "Check a connector's config.json, jars and activation link; needs no network and no AWS"},
	{Build, "Check, and build the image without Docker, into an OCI layout or a tarball"},
	{Push, "Check, build, and push the image to Amazon ECR; then read it back as Glue would"},
	{Publish, "Push, and add a version with the image to a product of AWS Marketplace; wait until it is there"},
	{Verify, "Replay Glue's unpacker on an image in Amazon ECR, and say which jars a job would get"},
	{Test, "Run the guide's tests of a connector, by a plan: on this machine's Spark or on AWS Glue"},
	{Comment, "Post the report of another run, such as that of a fork's pull request, as a comment"},
}

// Input is one input of the action, which is one flag of the command line.
type Input struct {
	Name    string
	Default string
	// Help is one sentence, shown in action.yml, --help and the README.
	Help string
	// Modes are those in which it counts; nil means all.
	Modes []Mode
	Kind  Kind
	// Expression is the default in action.yml, where GitHub has one to offer.
	Expression string
	// Choices are the values that a Choice takes.
	Choices []string
}

// Kind is the type of an input's value.
type Kind int

// The kinds. Lists are divided by newlines, and by commas where that can be.
const (
	Text Kind = iota
	Bool
	Choice
	List  // newlines or commas
	Lines // newlines only
)

var (
	fromFiles = []Mode{Check, Build, Push, Publish}
	ofImages  = []Mode{Check, Build, Push, Publish, Verify}
	ofJars    = []Mode{Check, Build, Push, Publish, Test}
	judging   = []Mode{Check, Build, Push, Publish, Verify, Test}
	tested    = []Mode{Push, Publish, Test}
	toImage   = []Mode{Build, Push, Publish}
	pushing   = []Mode{Push, Publish}
	withAWS   = []Mode{Build, Push, Publish, Verify, Test} // a build, if its base image is in ECR; tests, if they run on Glue
)

// Inputs is the one table of inputs. action.yml, the flags and the README are
// held to it by a test.
var Inputs = []Input{
	{Name: "mode", Default: "check", Kind: Choice, Choices: modeNames(), Help: "What to do: check, build, push, publish, verify, test or comment."},

	{Name: "config-path", Default: "config.json", Modes: judging, Help: "The connector's config.json."},
	{Name: "jars", Kind: List, Modes: ofJars, Help: "The jars: files, folders and globs (** for any folders), one a line or divided by commas; a leading ! leaves out."},
	{Name: "working-directory", Default: ".", Help: "The folder that paths are relative to."},

	{Name: "repository", Modes: ofImages, Help: "The ECR repository: a name, or a full URI, with or without a tag."},
	{Name: "aws-account-id", Modes: ofImages, Help: "The account of the registry; the default is in the URI, else the account of the credentials."},
	{Name: "aws-region", Modes: judging, Help: "The region of the registry, and of Glue jobs that run tests; the default is in the URI, else AWS_REGION."},
	{Name: "image-tag", Modes: ofImages, Help: "The image's tag; the default is the version in config.json."},
	{Name: "additional-tags", Kind: List, Modes: pushing, Help: "More tags for the same image."},
	{Name: "additional-repositories", Kind: List, Modes: pushing, Help: "More repositories for the same image, of other accounts and regions too: full URIs without tag, one a line or divided by commas."},
	{Name: "base-image", Default: "scratch", Modes: toImage, Help: "The image to build on. Glue needs none, and each job would download it."},
	{Name: "role-to-assume", Modes: withAWS, Help: "The ARN of the AWS role to work as: assumed with GitHub's ID token where the job has id-token: write, else with the credentials in the environment."},
	{Name: "role-session-name", Modes: withAWS, Help: "The session's name in CloudTrail; the default is GlueConnector and the number of the run."},
	{Name: "role-duration-seconds", Default: "3600", Modes: withAWS, Help: "How long the role's credentials live, 900 to 43200; they are renewed if a push takes longer."},
	{Name: "role-external-id", Modes: withAWS, Help: "The external id that the role asks for; only with credentials in the environment, as AWS takes none with an ID token."},
	{Name: "role-chaining", Default: "false", Kind: Bool, Modes: withAWS, Help: "Assume the role with the credentials in the environment also where the job has id-token: write."},
	{Name: "audience", Modes: withAWS, Help: "The audience of the ID token; the default is sts.amazonaws.com, in China sts.amazonaws.com.cn."},
	{Name: "allowed-account-ids", Kind: List, Modes: withAWS, Help: "The accounts that may be worked as and pushed to: with credentials or a registry of any other nothing is done. AWS Marketplace's registry is judged by the credentials alone."},
	{Name: "create-repository", Default: "false", Kind: Bool, Modes: []Mode{Push}, Help: "Create the repository if it is missing, with immutable tags and scan on push; never in AWS Marketplace's registry."},
	{Name: "on-existing-tag", Default: "skip-identical", Kind: Choice, Choices: []string{"skip-identical", "fail", "overwrite"}, Modes: pushing, Help: "What to do if the tag exists: skip-identical (done if it is this very image, else fail), fail or overwrite, which a publication refuses."},
	{Name: "source-date-epoch", Modes: toImage, Help: "The image's time in seconds since 1970; the default is SOURCE_DATE_EPOCH, else the release timestamp in config.json."},
	{Name: "output", Modes: toImage, Help: "Where to write the image: a path that ends in .tar for docker load, else a folder for an OCI layout."},

	{Name: "glue-versions", Kind: List, Modes: ofJars, Help: "The Glue versions that must load the connector, for example 4.0, 5.1; the default asks only that one in service can. In test, those to test on in place of the plan's."},

	{Name: "test-plan", Default: trial.DefaultPath, Modes: []Mode{Check, Push, Publish, Test}, Help: "The plan of the guide's tests. Where it is there, check looks at it, too."},
	{Name: "run-tests", Default: "false", Kind: Bool, Modes: pushing, Help: "Run the tests of the plan before anything is pushed."},
	{Name: "runner", Default: string(trial.Local), Kind: Choice, Choices: []string{string(trial.Local), string(trial.Glue)}, Modes: tested, Help: "Where to run tests: local, on this machine's Spark, or glue, as jobs of AWS Glue."},
	{Name: "local-runtime", Default: "auto", Kind: Choice, Choices: []string{"auto", "spark", "glue-image"}, Modes: tested, Help: "What the runner local runs tests on: spark (SPARK_HOME, spark-submit or PySpark), glue-image (AWS's image in Docker, 7 GB, pulled if need be) or auto (the image if it is there, else Spark)."},
	{Name: "glue-image", Modes: tested, Help: "The image to take in place of AWS's for the one version in glue-versions, such as a mirror of it."},
	{Name: "published", Default: "false", Kind: Bool, Modes: []Mode{Test}, Help: "Test the published connector through the plan's connection (marketplace.*), not the jars (custom.*)."},
	{Name: "test-timeout-minutes", Default: "15", Modes: tested, Help: "How long one test may take, in minutes; 0 for as long as it takes, on this machine."},
	{Name: "glue-role", Modes: tested, Help: "The ARN of the role that Glue jobs work as; the connector's code runs with its rights."},
	{Name: "test-s3-prefix", Modes: tested, Help: "Where Glue jobs find scripts and jars and leave results while tests run: s3://bucket/folder, in the jobs' region."},
	{Name: "max-concurrent-runs", Default: "4", Modes: tested, Help: "How many job runs there may be at a time, 1 to 50."},
	{Name: "glue-connections", Kind: List, Modes: tested, Help: "Connections of the Data Catalog that the jobs use, such as one into the VPC of the data source."},
	{Name: "test-report", Modes: tested, Help: "Where to write the test matrix to be mailed to AWS, in the guide's template."},

	{Name: "connector-name", Modes: fromFiles, Help: "The connector's name in Glue Studio; the default is the description in config.json."},
	{Name: "connector-description", Modes: fromFiles, Help: "The description in Glue Studio; the default is the one in config.json."},
	{Name: "connector-type", Modes: fromFiles, Help: "Jdbc, Spark or Athena; the default is connectortype in config.json."},
	{Name: "connector-class-name", Modes: fromFiles, Help: "The entry class; the default is classname in config.json."},
	{Name: "connector-version", Modes: fromFiles, Help: "The version in Glue Studio; the default is the digits and dots that the version in config.json begins with."},
	{Name: "connector-url", Modes: fromFiles, Help: "The image's URL in the activation link; the default is the image that is pushed."},
	{Name: "jdbc-url-formats", Kind: Lines, Modes: fromFiles, Help: "JDBC URL templates, one title=template a line, with ${Username} and ${Password} for the credentials."},
	{Name: "jdbc-url-delimiter", Modes: fromFiles, Help: "What divides the parameters of a JDBC URL, for example & or ;"},

	{Name: "product-id", Modes: fromFiles, Help: "The product's id in AWS Marketplace, such as prod-abcdefghijklm. With it, check judges the version's texts, too."},
	{Name: "version-title", Modes: fromFiles, Help: "The title of the version in AWS Marketplace; the default is the version in config.json."},
	{Name: "release-notes", Modes: fromFiles, Help: "The release notes: a text, or @ and the path of a file; the default is those of the GitHub release of the tag."},
	{Name: "delivery-option-title", Default: connector.DefaultOptionTitle, Modes: fromFiles, Help: "The title of the delivery option; the default is the guide's."},
	{Name: "delivery-description", Default: connector.DefaultOptionDescription, Modes: fromFiles, Help: "The description of the delivery option; the default is the guide's."},
	{Name: "usage-instructions", Modes: fromFiles, Help: "The usage instructions: a text, or @ and the path of a file, in which {link}, {image} and {version} are filled in; the default is the guide's sentence with the link."},
	{Name: "compatible-services", Default: "ECS", Kind: List, Modes: fromFiles, Help: "The services that the listing names as compatible: ECS, EKS, ECS-Anywhere, EKS-Anywhere or Bedrock-AgentCore. There is none for Glue."},
	{Name: "deployment-resources", Kind: Lines, Modes: fromFiles, Help: "Links beside the delivery option, at most four, one name=URL a line."},
	{Name: "delivery-options", Modes: fromFiles, Help: "Several delivery options in one version, such as one for each Glue line: a YAML list, or @ and the path of a file; see Several delivery options in the README."},
	{Name: "wait", Default: "true", Kind: Bool, Modes: []Mode{Publish}, Help: "Wait until AWS is done with the version, which takes minutes to hours; without it, it is enough that AWS has begun."},
	{Name: "on-timeout", Default: timeoutFails, Kind: Choice, Choices: []string{timeoutFails, timeoutSucceeds}, Modes: []Mode{Publish}, Help: "What to make of it if AWS is not done when timeout-minutes are over: fail or succeed. The same run again goes on from there."},

	{Name: "fail-on", Default: "error", Modes: judging, Kind: Choice, Choices: []string{"error", "warning", "never"}, Help: "The findings that fail the run: error, warning or never. An error keeps a push from starting in any case."},
	{Name: "strict", Default: "false", Modes: judging, Kind: Bool, Help: "Take the guide's rules to the letter: every warning is an error."},
	{Name: "dry-run", Default: "false", Kind: Bool, Modes: pushing, Help: "Do everything but write to AWS, and print what would be sent to AWS Marketplace."},
	{Name: "timeout-minutes", Default: "30", Modes: []Mode{Push, Publish, Verify, Test}, Help: "How long a run that uses the network, or tests, may take in all, in minutes; 0 for as long as it takes."},
	{Name: "quiet", Default: "false", Kind: Bool, Help: "Print findings, failures and the verdict only."},
	{Name: "report-file", Help: "Where to write the report as JSON; the default in a workflow is glue-connector-report.json."},
	{Name: "sarif-file", Modes: judging, Help: "Where to write the findings as SARIF, for github/codeql-action/upload-sarif."},
	{Name: "sbom-file", Modes: fromFiles, Help: "Where to write what the jars are made of, as CycloneDX in JSON."},
	{Name: "attach-sbom", Default: "false", Kind: Bool, Modes: pushing, Help: "Put the same beside the pushed image, as an OCI referrer without a tag."},

	{Name: "comment", Default: "auto", Kind: Choice, Choices: []string{commentAuto, commentOnFailure, commentAlways, commentNever}, Modes: judging, Help: "Comment on the pull request: auto (where the token may), on-failure, always (fail if it cannot) or never."},
	{Name: "comment-key", Help: "What tells this comment from others on the pull request; the default is config-path."},
	{Name: "github-token", Expression: "${{ github.token }}", Help: "The token for the comment, for which it needs pull-requests: write, and for the notes of a release, contents: read."},
	{Name: "from-report", Modes: []Mode{Comment}, Help: "The JSON report of another run. It is not trusted: pull request, commit and run are taken from the event."},
}

// pushes tells that a mode brings the image into a registry.
func (m Mode) pushes() bool { return m == Push || m == Publish }

func modeNames() []string {
	var names []string
	for _, m := range modes {
		names = append(names, string(m.Mode))
	}
	return names
}

// In tells whether an input counts in a mode.
func (i Input) In(m Mode) bool { return i.Modes == nil || slices.Contains(i.Modes, m) }

// Env is the name of the environment variable in which the runner passes an
// input to a container: dashes stay.
func (i Input) Env() string { return "INPUT_" + strings.ToUpper(i.Name) }
