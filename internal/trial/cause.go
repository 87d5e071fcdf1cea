package trial

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Cause is why a run failed, as far as its log tells.
type Cause struct {
	// Line is the decisive line of the log, with passwords masked. It is
	// untrusted text.
	Line string
	// What and Advice say what the line means and what to do.
	What, Advice string
}

// failure is one that is known by a line of its log.
type failure struct {
	pattern func() *regexp.Regexp
	what    string // may have $1 of the pattern
	advice  string
}

// failures are those that tell most first: of two in one log, the earlier entry
// is the cause and the later one its consequence. Sources: glue-facts of AWS's
// unpacker, issues of aws-glue-libs and aws-glue-samples, Spark's and the
// drivers' sources.
var failures = []failure{
	{re(`KeyError: 'layers'`), "Glue's unpacker found an index in place of an image", "Push one image manifest under the tag: glue-connector push does."},
	{re(`BadGzipFile|Not a gzipped file`), "Glue's unpacker met a layer that is not gzip", "Push the image again with glue-connector push."},
	{re(`malformed registry, correct pattern|malformed image name, only one colon`), "Glue's unpacker does not take the image's URL", "Write the connection's URL as https://<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>."},
	{re(`not a CUSTOM or Marketplace connection`), "the connection is no connection of a connector", "Make a connection of type MARKETPLACE or CUSTOM, through the activation link."},
	{re(`(?i)(?:ConnectTimeoutError|ReadTimeout|EndpointConnectionError|Could not connect to the endpoint URL|connect timed out|Connection timed out|Max retries exceeded)[^\n]*(?:\becr\b|\.dkr\.ecr\.)`), "there is no route to Amazon ECR", "Give the job's VPC a route to ECR and S3 in us-east-1: a NAT gateway, or endpoints for ecr.api, ecr.dkr and s3."},
	{re(`(?i)(?:\becr\b|\.dkr\.ecr\.)[^\n]*(?:ConnectTimeoutError|Read timed out|Connect(?:ion)? to [^\n]* timed out|Network is unreachable)`), "there is no route to Amazon ECR", "Give the job's VPC a route to ECR and S3 in us-east-1: a NAT gateway, or endpoints for ecr.api, ecr.dkr and s3."},
	{re(`(?:is not authorized to perform: ?|not authorized to perform )([A-Za-z0-9-]+:[A-Za-z0-9*]+)`), "AWS refuses $1", "Allow $1 to the role, on the resource that the line names."},
	{re(`(?i)AccessDenied(?:Exception)?\b|(?:403 Forbidden|Status Code: 403)`), "AWS refuses access", "Allow the action to the role of the job: AWSGlueServiceRole, AmazonEC2ContainerRegistryReadOnly, the secret, and the bucket."},
	{re(`(?:ResourceNotFoundException[^\n]*(?i:secret)|Secrets Manager can't find the specified secret)`), "there is no such secret", "Make the secret in the job's region and account, or mend secret in the plan."},
	{re(`EntityNotFoundException[^\n]*(?i:connection)|Connection \S+ (?:does not exist|not found)`), "there is no such connection", "Make the connection in the job's region and account, or mend connection in the plan."},
	{re(`UnsupportedClassVersionError:? ?(\S*)`), "a class is compiled for a newer Java than the job has", "Compile for Java 8 up to Glue 4.0, for Java 17 from 5.0 on; glue-connector check names the jars."},
	{re(`ServiceConfigurationError:? ?([^\n]*)`), "a service file in a jar names a class that cannot be loaded", "Mend META-INF/services in the jar; glue-connector check names it."},
	{re(`Invalid signature file digest|SecurityException: [^\n]*(?:signer|signature|digest|sealing)`), "a jar carries the signature of another one", "Leave META-INF/*.SF, *.RSA and *.DSA out when jars are merged."},
	{re(`Multiple sources found for`), "two data sources have the same alias", "Name the class in place of the alias, or remove one of the jars."},
	{re(`(?:Failed to find (?:the )?data source:? |DATA_SOURCE_NOT_FOUND\S* (?:Failed to find (?:the )?data source:? )?)\x60?([\w.$-]*[\w$])`), "Spark finds no data source $1", "Mend classname in config.json, or add the jar that has the data source; an alias needs META-INF/services/org.apache.spark.sql.sources.DataSourceRegister."},
	{re(`ClassNotFoundException: ([\w.$/]*[\w$])`), "class $1 is not found", "Mend classname in config.json, whose case counts, or add the jar that has the class; glue-connector check finds it."},
	{re(`NoClassDefFoundError: ([\w.$/]*[\w$])`), "class $1 is not found", "Add the jar that has the class; where Glue ships the library, do not bundle half of it."},
	{re(`NoSuchMethodError: ?([^\n]*scala[./][^\n]*)`), "the connector is built for another Scala", "Build for Scala 2.12 up to Glue 5.1, and for 2.13 from 6.0 on."},
	{re(`(NoSuchMethodError|NoSuchFieldError|AbstractMethodError|IncompatibleClassChangeError|IllegalAccessError|VerifyError|LinkageError)\b`), "a library has another version than the connector was built with", "Shade and relocate the library, or build with the version that Glue ships; glue-connector check lists those."},
	{re(`(?i)No suitable driver|DriverManager[^\n]*not (?:find|found)|did not specify[^\n]*driver`), "no driver takes the JDBC URL", "Mend url in the plan: its beginning is what the driver answers to."},
	{re(`(?i)password authentication failed|Access denied for user|Login failed for user|ORA-01017|invalid (?:username|user name|user)(?:/| or |, )password|authentication (?:failed|failure)|SQLSTATE:? ?28|Incorrect username or password|no password was provided|requested authentication, but no`), "the data source refuses the credentials", "Mend the secret: its keys are username and password, or those that the URL names as ${key}."},
	{re(`(?i)UnknownHostException:? ?([\w.-]*)|Name or service not known|nodename nor servname`), "the data source's host has no address", "Mend the host in the plan; a job in a VPC needs the VPC's DNS."},
	{re(`(?i)Connection (?:to \S+ )?refused|Connection timed out|connect timed out|Network is unreachable|No route to host|The connection attempt failed|Communications link failure`), "the data source cannot be reached", "Check host and port, and that security groups let the runner or the job's VPC in."},
	{re(`(?i)relation "?([^"\n]*)"? does not exist|table or view does not exist|ORA-00942|Table '[^']*' doesn't exist|Invalid object name|TABLE_OR_VIEW_NOT_FOUND|UnknownTable`), "there is no such table", "Mend dbTable in the plan, or grant the user access to it."},
	{re(`(?i)permission denied for|insufficient privileges|ORA-01031`), "the data source refuses the user", "Grant the user access to the table."},
	{re(`ModuleNotFoundError: No module named '?([\w.]+)`), "Python module $1 is missing", "Run it on Glue, or on a machine with the module."},
	{re(`OutOfMemoryError|Container killed by YARN for exceeding memory`), "the memory is not enough", "Test with a smaller table or query."},
	{re(`found no connector jars`), "Glue's unpacker found no jars in the image", "Put the jars into /jars, with names that end in .jar: glue-connector verify shows what a job gets."},
	{re(`LAUNCH ERROR`), "Glue could not start the job", "Look at the lines before it; glue-connector verify replays what Glue does with the image."},
}

// Diagnose finds the known failure that a log tells of. It is a pure function
// of the text, and takes time in proportion to it.
func Diagnose(log string) (Cause, bool) {
	for _, f := range failures {
		pattern := f.pattern()
		m := pattern.FindStringSubmatchIndex(log)
		if m == nil {
			continue
		}
		what := pattern.ExpandString(nil, f.what, log, m)
		advice := pattern.ExpandString(nil, f.advice, log, m)
		return Cause{Line: decisive(lineAt(log, m[0])), What: mask(string(what)), Advice: string(advice)}, true
	}
	return Cause{}, false
}

func lineAt(log string, at int) string {
	start := strings.LastIndexByte(log[:at], '\n') + 1
	end := strings.IndexByte(log[at:], '\n')
	if end < 0 {
		return log[start:]
	}
	return log[start : at+end]
}

// maxLine bounds a line of a log that is shown, in characters.
const maxLine = 400

// decisive is a line fit to be shown.
func decisive(line string) string {
	line = mask(strings.TrimPrefix(strings.TrimSpace(line), ": ")) // Py4J's, before the JVM's exception
	if utf8.RuneCountInString(line) > maxLine {
		line = string([]rune(line)[:maxLine]) + "…"
	}
	return line
}

var (
	maskPattern = re(`(?i)((?:password|passwd|pwd|passphrase|secret|token|api_?key|access_?key|account_?key|private_?key)["']?\s*[=:]\s*["']?)([^&;,\s"')}]+)`)
	maskUser    = re(`(://[^/?#\s:@]*:)[^@/?#\s]+@`)
	maskOracle  = re(`(jdbc:oracle:\w+:[^/@\s]*/)[^@\s]+@`)
	anyError    = re(`(?:[A-Z][A-Za-z]*(?:Exception|Error)\b|^\s*(?:ERROR|FATAL)\b|\bERROR\b)`)
)

// mask hides what looks like a password.
func mask(s string) string {
	s = maskPattern().ReplaceAllString(s, "${1}***")
	s = maskOracle().ReplaceAllString(s, "${1}***@")
	return maskUser().ReplaceAllString(s, "${1}***@")
}

// lastError is the line that tells most of an unknown failure: the innermost
// cause, else the last line with an error, else the last line.
func lastError(log string) string {
	var cause, failed, last string
	for line := range strings.Lines(log) {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "":
			continue
		case strings.HasPrefix(trimmed, "Caused by:"):
			cause = trimmed
		case anyError().MatchString(trimmed) && !strings.HasPrefix(trimmed, "at "):
			failed = trimmed
		}
		last = trimmed
	}
	for _, s := range []string{cause, failed, last} {
		if s != "" {
			return decisive(s)
		}
	}
	return ""
}
