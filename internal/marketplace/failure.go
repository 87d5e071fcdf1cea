package marketplace

import (
	"fmt"
	"slices"
	"strings"
)

// cure is what to do about an error code of AWS.
type cure struct {
	advice string
	// elsewhere tells that the cause may be gone without a change of the request: the
	// same may be tried again.
	elsewhere bool
}

// cures are the codes of ErrorDetailList that AWS documents for the change types
// that this package knows.
var cures = map[string]cure{
	"INCOMPATIBLE_PRODUCT_STATUS":             {"The product has to be Limited or Public: finish it in the portal, or by glue-connector product release.", true},
	"INCOMPATIBLE_SERVICES":                   {"Check compatible-services: ECS, EKS, ECS-Anywhere, EKS-Anywhere or Bedrock-AgentCore.", false},
	"NO_SERVICE_SPECIFIED":                    {"Give compatible-services, for example ECS.", false},
	"DUPLICATE_COMPATIBLE_AWS_SERVICES":       {"Name each of compatible-services once.", false},
	"INVALID_VERSION_TITLE":                   {"Check version-title: at most 64 plain characters.", false},
	"DUPLICATE_VERSION_TITLE":                 {"Release under a new version-title.", true},
	"INVALID_RELEASE_NOTES":                   {"Check release-notes: plain characters, at most 30,000.", false},
	"INVALID_USAGE_INSTRUCTIONS":              {"Check usage-instructions: plain characters, fewer than 4,000 with the link.", false},
	"INVALID_SHORT_DESCRIPTION":               {"Check delivery-description: fewer than 1,000 characters.", false},
	"MISSING_CONTAINER_IMAGES":                {"Name an image in each delivery option.", false},
	"TOO_MANY_CONTAINER_IMAGES":               {"Name at most 50 images in a delivery option.", false},
	"DUPLICATE_CONTAINER_IMAGES":              {"Name each image once in a delivery option.", false},
	"INVALID_CONTAINER_IMAGES":                {"Check the images of the delivery options.", false},
	"INVALID_CONTAINER_IMAGE_URI":             {"Use a repository that AWS Marketplace made for this product.", true},
	"INVALID_CONTAINER_IMAGE_REPOSITORY":      {"Add the repository to the product, by glue-connector product create-repository or in the portal.", true},
	"INVALID_CONTAINER_IMAGE_TAG":             {"Use the connector's version as tag, not latest.", false},
	"INVALID_CONTAINER_IMAGE_TAG_FORMAT":      {"Use a tag of letters, digits, dots, dashes and underscores.", false},
	"UNSUPPORTED_CONTAINER_IMAGE_URI":         {"Push the image with this program: one Docker schema 2 manifest.", true},
	"DUPLICATE_DELIVERY_OPTION_TITLES":        {"Give each delivery option a title of its own.", false},
	"INVALID_DELIVERY_OPTION_TITLES":          {"Give the delivery option another title: AWS says that this one is there already.", true},
	"INVALID_FULFILLMENT_OPTION_TITLE":        {"Check delivery-option-title: at most 72 characters.", false},
	"EMPTY_RESOURCE_NAME":                     {"Write deployment-resources as name=URL.", false},
	"INVALID_RESOURCE_NAME":                   {"Names in deployment-resources have fewer than 256 characters.", false},
	"EMPTY_RESOURCE_URL":                      {"Write deployment-resources as name=URL.", false},
	"INVALID_RESOURCE_URL":                    {"URLs in deployment-resources have fewer than 256 characters.", false},
	"SCAN_ERROR":                              {"AWS found something in the image. The list is behind a link for you alone: in the portal under Requests, or in the answer of aws marketplace-catalog describe-change-set.", true},
	"IMAGE_NOT_FOUND":                         {"Check that the image is in the repository, and push it again if it is not.", true},
	"IMAGE_INACCESSIBLE":                      {"AWS Marketplace could not read the image: run again, and ask AWS if it stays.", true},
	"INVALID_ARN":                             {"Check the ARN of the access role.", false},
	"INVALID_DETAILS":                         {"AWS does not take the document: print it with dry-run, and check it against AWS's guide.", false},
	"INVALID_DELIVERY_OPTIONS_INPUT":          {"AWS takes at most 4 delivery options at a time.", false},
	"INVALID_INPUT":                           {"Use plain ASCII characters in every text.", false},
	"INVALID_ECR_REPOSITORY_NAME":             {"Name the repository like nginx-web-app, at most 256 characters with the seller's namespace.", false},
	"DUPLICATE_ECR_REPOSITORY_NAME":           {"The repository is there already.", true},
	"MISSING_REPOSITORY_INFORMATION":          {"Name a repository.", false},
	"MISSING_DELIVERY_OPTION_IDS":             {"Name the delivery options.", false},
	"EMPTY_DELIVERY_OPTION_IDS":               {"Name the delivery options.", false},
	"DUPLICATE_DELIVERY_OPTION_IDS":           {"Name each delivery option once.", false},
	"FIELD_NOT_ALLOWED_TO_CHANGE":             {"Of a public version, title, images, delivery option titles and deployment resources stay: release a new version.", false},
	"INVALID_DELIVERY_OPTIONS_STATUS":         {"The delivery option is restricted or not published yet.", true},
	"NO_CHANGE_FOUND":                         {"Nothing is to be changed: the version has these texts already.", true},
	"MULTIPLE_VERSION_UPDATE":                 {"Update the delivery options of one version at a time.", false},
	"INVALID_MINIMUM_PUBLIC_DELIVERY_OPTIONS": {"One public version has to stay: publish another one first.", true},
	"MISSING_DATA":                            {"Give a text to change.", false},
	"INVALID_ADDITIONAL_RESOURCES":            {"Check the URLs in additional-resources.", false},
	"INVALID_CATEGORY_NAMES":                  {"Check categories: their names are in AWS Marketplace's buyer guide, under product categories.", false},
	"EXPLICIT_CONTENT":                        {"Use another logo or video.", false},
	"INVALID_MEDIA":                           {"Check logo-url: a PNG, JPG or GIF below 5 MB in an S3 bucket that everybody may read.", true},
	"TOO_MANY_MEDIA":                          {"Leave some media out.", false},
	"DUPLICATE_MEDIA":                         {"Name each of the media once.", false},
	"VALIDATION_FAILED":                       {"Something is missing in the product that AWS names: its texts, or prices that are set in the portal. Add it, and run again.", true},
	"INVALID_PRODUCT_STATE":                   {"The product is a draft: release it as Limited first.", true},
	"INVALID_TARGET_VISIBILITY":               {"Ask for Public or Limited.", false},
	"EMPTY_TARGET_VISIBILITY":                 {"Ask for Public or Limited.", false},
	"AUDIT_ERROR":                             {"People at AWS have looked at the product, and say what they want changed: change it, and run again.", true},
	"MISSING_SELLER_PROFILE_INFORMATION":      {"Add a public profile to the seller's account, in the portal under Settings.", true},
}

// Detail is one reason of AWS for a failure.
type Detail struct{ Code, Message string }

// Failure is a change set that did not succeed.
type Failure struct {
	ID     string
	Status string // FAILED or CANCELLED
	// Fault is CLIENT_ERROR or SERVER_FAULT, "" if it was cancelled.
	Fault       string
	Description string
	Details     []Detail
}

// again tells that the very same request may succeed at another time.
func (f *Failure) again() bool {
	if f.Status == "CANCELLED" || f.Fault == "SERVER_FAULT" {
		return true
	}
	for _, d := range f.Details {
		if c, known := cures[d.Code]; known && !c.elsewhere {
			return false
		}
	}
	return true
}

// Error says what AWS said, in one line of bounded length. The list of a scan is
// behind a URL that opens it for anybody: it is cut.
func (f *Failure) Error() string {
	if f.Status == "CANCELLED" {
		return fmt.Sprintf("change set %s was cancelled", f.ID)
	}
	var said []string
	for _, d := range f.Details {
		said = append(said, strings.TrimSuffix(d.Code+": "+d.Message, ": "))
	}
	if len(said) == 0 {
		said = append(said, strings.TrimSuffix(f.Fault+": "+f.Description, ": "))
	}
	return oneLine(fmt.Sprintf("change set %s failed: %s", f.ID, strings.Join(said, "; ")))
}

// Hint is what to do about each reason, said once.
func (f *Failure) Hint() string {
	if f.Status == "CANCELLED" {
		return "Somebody cancelled it in the portal or by the API. Run again to start another one."
	}
	var all []string
	for _, d := range f.Details {
		c, known := cures[d.Code]
		if !known {
			c.advice = "See the change set in the portal, under Requests; AWS's guide does not list " + d.Code + "."
		}
		if !slices.Contains(all, c.advice) {
			all = append(all, c.advice)
		}
	}
	switch {
	case len(all) > 0:
	case f.Fault == "SERVER_FAULT":
		all = append(all, "The fault is AWS's: run again.")
	default:
		all = append(all, "See the change set in the portal, under Requests.")
	}
	return strings.Join(all, " ")
}

// FailureKind is the kind of failure, for a report that knows no Marketplace.
func (f *Failure) FailureKind() string {
	if f.Status == "CANCELLED" {
		return string(Conflict)
	}
	return string(Remote)
}
