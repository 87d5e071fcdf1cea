package connector

import "regexp"

// MarketplaceRegistry is the account of the registry that AWS Marketplace
// owns: sellers push there, and repositories in it are made only by the
// portal or by the change type AddRepositories.
const MarketplaceRegistry = "709825985650"

// Reference names an image in Amazon ECR by tag.
type Reference struct {
	Account    string // 12 digits
	Region     string
	Repository string // with its namespaces, without the host
	Tag        string
}

// The grammars of a reference. Anchored and ASCII on purpose: the name parsers
// of registry clients accept hosts and ports that no ECR has. Lengths are counted
// apart: a repetition up to 128 takes longer to compile than all else here.
var (
	digits            = regexp.MustCompile(`^[0-9]+$`)
	regionPattern     = regexp.MustCompile(`^[a-z]{2}(-[a-z]{2,9}){1,2}-[0-9]{1,2}$`)
	repositoryPattern = regexp.MustCompile(`^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$`)
	tagPattern        = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	uriPattern        = regexp.MustCompile(`^([0-9]+)\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?/([^:@]+)(?::([^:@/]+))?$`)
)

// Host is the registry's host name.
func (r Reference) Host() string {
	suffix := ".amazonaws.com"
	if len(r.Region) > 3 && r.Region[:3] == "cn-" {
		suffix = ".amazonaws.com.cn"
	}
	return r.Account + ".dkr.ecr." + r.Region + suffix
}

// Name is host and repository, the form that AWS calls the repository's URI.
func (r Reference) Name() string { return r.Host() + "/" + r.Repository }

// String is the image's URI: without a scheme, as Marketplace wants it.
func (r Reference) String() string { return r.Name() + ":" + r.Tag }

// ConnectorURL is the form that Glue wants: with a scheme.
func (r Reference) ConnectorURL() string { return "https://" + r.String() }

// IsZero tells whether the reference names nothing.
func (r Reference) IsZero() bool { return r == Reference{} }

// ValidAccount tells whether s is an AWS account id: 12 digits.
func ValidAccount(s string) bool { return len(s) == 12 && digits.MatchString(s) }

// ValidRegion tells whether s has the shape of a region's name; whether AWS
// has it today is for AWS to say.
func ValidRegion(s string) bool { return regionPattern.MatchString(s) }

// ValidRepository tells whether s is a name that ECR takes: 2 to 256
// characters, lower case, namespaces divided by slashes (ECR API,
// CreateRepository, repositoryName).
func ValidRepository(s string) bool {
	return len(s) >= 2 && len(s) <= 256 && repositoryPattern.MatchString(s)
}

// ValidTag tells whether s follows the OCI grammar of tags.
func ValidTag(s string) bool { return len(s) <= 128 && tagPattern.MatchString(s) }

// ParseReference reads an ECR URI with or without tag; ok is false for
// anything else, above all for other hosts, ports and digests.
func ParseReference(s string) (r Reference, ok bool) {
	m := uriPattern.FindStringSubmatch(s)
	if m == nil {
		return Reference{}, false
	}
	r = Reference{Account: m[1], Region: m[2], Repository: m[4], Tag: m[5]}
	ok = ValidAccount(r.Account) && ValidRegion(r.Region) && ValidRepository(r.Repository) &&
		(r.Tag == "" || ValidTag(r.Tag)) && (m[3] != "") == (r.Region[:3] == "cn-")
	if !ok {
		return Reference{}, false
	}
	return r, true
}
