package action

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/connector"
)

// repository reads where the image goes. People paste a name where a URI is
// wanted and the reverse, with a scheme or blanks around it: all of that is
// taken, and what contradicts itself is not.
func (r *reader) repository(getenv func(string) string) connector.Reference {
	account, region, tag := r.text("aws-account-id"), r.text("aws-region"), r.text("image-tag")
	if account != "" && !connector.ValidAccount(account) {
		r.problem("aws-account-id", fmt.Sprintf("%+q is no AWS account id", account), "An account id has 12 digits; quote it in YAML, or a leading zero is lost.")
		account = ""
	}
	if region != "" && !connector.ValidRegion(region) {
		r.problem("aws-region", fmt.Sprintf("%+q is no AWS region", region), "Write it as us-east-1.")
		region = ""
	}
	if tag != "" && !connector.ValidTag(tag) {
		r.problem("image-tag", fmt.Sprintf("%+q is no image tag", tag), "Use letters, digits, dots, dashes and underscores, at most 128 characters.")
		tag = ""
	}
	ref := connector.Reference{Account: account, Region: region, Tag: tag}
	name := strings.TrimRight(strings.TrimPrefix(r.text("repository"), "https://"), "/")
	if name == "" {
		return ref
	}
	if first, _, _ := strings.Cut(name, "/"); strings.ContainsAny(first, ".:@") {
		return r.uri(name, ref)
	}
	if base, t, ok := strings.Cut(name, ":"); ok && connector.ValidTag(t) {
		name = base
		ref.Tag = r.same("image-tag", tag, t)
	}
	if !connector.ValidRepository(name) {
		r.problem("repository", fmt.Sprintf("%+q is no name of an ECR repository", name), "Lower-case letters, digits and . _ - between them, with / between namespaces, for example my-company/my-connector.")
		return connector.Reference{}
	}
	ref.Repository = name
	if r.text("product-id") != "" { // so it is that of a product
		ref.Account = cmp.Or(ref.Account, connector.MarketplaceRegistry)
		if ref.Account == connector.MarketplaceRegistry {
			ref.Region = cmp.Or(ref.Region, "us-east-1")
		}
	}
	for _, env := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if v := strings.TrimSpace(getenv(env)); ref.Region == "" && connector.ValidRegion(v) {
			ref.Region = v
		}
	}
	if ref.Region == "" {
		r.problem("aws-region", "the repository's region is not known", "Give aws-region, or the repository's full URI.")
	}
	return ref
}

func (r *reader) uri(uri string, given connector.Reference) connector.Reference {
	if strings.Contains(uri, "@sha256:") {
		r.problem("repository", fmt.Sprintf("%+q names an image by digest", uri), "Glue loads images by tag only: give the repository and image-tag.")
		return connector.Reference{}
	}
	// What stands before an @ may be a password: it is not quoted.
	uri = uri[strings.LastIndex(uri, "@")+1:]
	ref, ok := connector.ParseReference(uri)
	if !ok {
		r.problem("repository", fmt.Sprintf("%+q is no repository of Amazon ECR", uri),
			"Write it as 123456789012.dkr.ecr.us-east-1.amazonaws.com/my-company/my-connector.")
		return connector.Reference{}
	}
	r.same("aws-account-id", given.Account, ref.Account)
	r.same("aws-region", given.Region, ref.Region)
	ref.Tag = r.same("image-tag", given.Tag, ref.Tag)
	return ref
}

// places reads the repositories besides the one of the main input.
func (r *reader) places(main connector.Reference) []connector.Reference {
	const input = "additional-repositories"
	var all []connector.Reference
	for _, item := range r.list(input) {
		uri := strings.TrimRight(strings.TrimPrefix(item, "https://"), "/")
		shown := uri[strings.LastIndex(uri, "@")+1:] // before it may be a password
		ref, ok := connector.ParseReference(uri)
		switch {
		case strings.Contains(uri, "@sha256:"):
			r.problem(input, fmt.Sprintf("%+q names an image by digest", uri), "Give the repository alone: it gets the same tags as the first one.")
		case !ok:
			r.problem(input, fmt.Sprintf("%+q is no repository of Amazon ECR", shown),
				"Write it as 123456789012.dkr.ecr.us-east-1.amazonaws.com/my-company/my-connector.")
		case ref.Tag != "":
			r.problem(input, fmt.Sprintf("%+q has a tag", uri), "Give the repository alone: it gets the same tags as the first one.")
		case slices.Contains(all, ref):
			r.problem(input, fmt.Sprintf("%+q is named twice", uri), "Leave one of the two out.")
		default:
			all = append(all, ref)
		}
	}
	if main.Account != "" {
		r.problems = append(r.problems, namedAgain(main, all)...)
	}
	return all
}

// namedAgain refuses the main repository among the additional ones.
func namedAgain(main connector.Reference, places []connector.Reference) []Problem {
	for _, ref := range places {
		if ref.Name() == main.Name() {
			return []Problem{{"additional-repositories", fmt.Sprintf("%+q is the main repository", ref.Name()), "Leave it out: the image goes there anyway."}}
		}
	}
	return nil
}

// same joins an input with what the URI says.
func (r *reader) same(input, given, inURI string) string {
	if given != "" && inURI != "" && given != inURI {
		r.problem(input, fmt.Sprintf("%+q contradicts the repository's URI, which has %+q", given, inURI), "Leave one of the two out.")
	}
	if given != "" {
		return given
	}
	return inURI
}
