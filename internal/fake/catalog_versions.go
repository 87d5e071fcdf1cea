package fake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// changeType is how a change is read and applied. A new one adds a line to the
// table and two functions.
type changeType struct {
	// shape refuses a document that the service's schema does not take.
	shape func(document []byte) error
	// apply changes the product, or says why it cannot be; the world's lock is held.
	apply func(w *World, p *Product, document []byte) []CatalogError
	// now refuses at once what the product is not in the state for; it may be nil.
	now func(p *Product, document []byte) error
	// creates tells that the product is a new one.
	creates bool
}

// changeTypes is filled by init: the functions in it look into it.
var changeTypes map[string]changeType

func init() {
	changeTypes = map[string]changeType{
		"AddDeliveryOptions":      {shape: shapeOf[addDeliveryOptions], apply: (*World).addDeliveryOptions},
		"UpdateDeliveryOptions":   {shape: shapeOf[updateDeliveryOptions], apply: (*World).updateDeliveryOptions},
		"RestrictDeliveryOptions": {shape: shapeOf[restrictDeliveryOptions], apply: (*World).restrictDeliveryOptions},
		"CreateProduct":           {shape: shapeOf[createProduct], apply: (*World).createProduct, creates: true},
		"AddRepositories":         {shape: shapeOf[addRepositories], apply: (*World).addRepositories},
		"UpdateInformation":       {shape: shapeOf[updateInformation], apply: (*World).updateInformation},
		"ReleaseProduct":          {shape: shapeOf[releaseProduct], apply: (*World).releaseProduct},
		"UpdateVisibility":        {shape: shapeOf[updateVisibility], apply: (*World).updateVisibility, now: targetIsNew},
	}
}

// shapeOf reads a document into the Go type of its shape, which may check more.
func shapeOf[T interface{ required() error }](document []byte) error {
	var v T
	if err := strictly(document, &v); err != nil {
		return err
	}
	return v.required()
}

type addDeliveryOptions struct {
	Version struct {
		VersionTitle *string
		ReleaseNotes *string
	}
	DeliveryOptions []addedOption
}

type addedOption struct {
	DeliveryOptionTitle string
	Release             *bool
	Visibility          *string
	Details             struct {
		EcrDeliveryOptionDetails *struct {
			ContainerImages     []string
			CompatibleServices  []string
			Description         string
			UsageInstructions   string
			DeploymentResources []struct{ Name, Url string }
			AccessRoleArn       *string
		}
	}
}

func (d addDeliveryOptions) required() error {
	if d.Version.VersionTitle == nil || d.Version.ReleaseNotes == nil {
		return fmt.Errorf("#/Version: required key [VersionTitle] or [ReleaseNotes] not found")
	}
	if len(d.DeliveryOptions) == 0 {
		return fmt.Errorf("#/DeliveryOptions: expected minimum item count: 1")
	}
	for i, o := range d.DeliveryOptions {
		if o.Details.EcrDeliveryOptionDetails == nil {
			return fmt.Errorf("#/DeliveryOptions/%d/Details: required key [EcrDeliveryOptionDetails] not found", i)
		}
	}
	return nil
}

// faults collects what a change is refused for.
type faults []CatalogError

func (fs *faults) add(bad bool, code, format string, args ...any) {
	if bad {
		*fs = append(*fs, CatalogError{code, fmt.Sprintf(format, args...)})
	}
}

// odd tells that a text has what the Marketplace refuses in texts.
func odd(s string) bool {
	return regexp.MustCompile(`[^\x20-\x7e\n\r\t]`).MatchString(s) || s != "" && strings.TrimLeft(s, " \t\r\n") != s
}

var knownServices = []string{"ECS", "EKS", "ECS-Anywhere", "EKS-Anywhere", "Bedrock-AgentCore"}

// addDeliveryOptions checks in the words and codes of the API's guide, and scans:
// the version gets the image that the tag names at this moment.
func (w *World) addDeliveryOptions(p *Product, document []byte) []CatalogError {
	var d addDeliveryOptions
	if err := json.Unmarshal(document, &d); err != nil {
		return []CatalogError{{"INVALID_DETAILS", err.Error()}}
	}
	var fs faults
	title, notes := *d.Version.VersionTitle, *d.Version.ReleaseNotes
	fs.add(p.Visibility != "Limited" && p.Visibility != "Public", "INCOMPATIBLE_PRODUCT_STATUS", "Use an existing limited or public product.")
	fs.add(title == "" || len(title) > 64 || odd(title), "INVALID_VERSION_TITLE", "Version title is not valid. Remove unsupported characters.")
	fs.add(slices.ContainsFunc(p.Versions, func(v ProductVersion) bool { return v.Title == title }), "DUPLICATE_VERSION_TITLE", "Version title %s already exists.", title)
	fs.add(notes == "" || len(notes) > 30000 || odd(notes), "INVALID_RELEASE_NOTES", "Release notes are not valid. Remove unsupported characters.")
	fs.add(len(d.DeliveryOptions) > 4, "INVALID_DELIVERY_OPTIONS_INPUT", "Provide at most 4 delivery options.")
	v := ProductVersion{ID: w.catalog.uuid(), Title: title, Notes: notes, Created: time.Now()}
	for _, o := range d.DeliveryOptions {
		added := w.addOption(p, o, &fs)
		fs.add(slices.ContainsFunc(v.Options, func(b DeliveryOption) bool { return b.Title == added.Title }), "DUPLICATE_DELIVERY_OPTION_TITLES", "Title %s is there twice.", added.Title)
		v.Options = append(v.Options, added)
	}
	if len(fs) == 0 {
		p.Versions = append(p.Versions, v)
		p.Revision++
	}
	return fs
}

func (w *World) addOption(p *Product, o addedOption, fs *faults) DeliveryOption {
	d := o.Details.EcrDeliveryOptionDetails
	out := DeliveryOption{
		ID: w.catalog.uuid(), Title: o.DeliveryOptionTitle, Description: d.Description, Instructions: d.UsageInstructions,
		Visibility: p.Visibility, Images: d.ContainerImages, Services: d.CompatibleServices,
	}
	fs.add(o.DeliveryOptionTitle == "" || len(o.DeliveryOptionTitle) > 72 || odd(o.DeliveryOptionTitle), "INVALID_FULFILLMENT_OPTION_TITLE", "Delivery option title is not valid.")
	fs.add(d.Description == "" || len(d.Description) >= 1000 || odd(d.Description), "INVALID_SHORT_DESCRIPTION", "Provide a description of fewer than 1,000 characters.")
	fs.add(d.UsageInstructions == "" || len(d.UsageInstructions) >= 4000 || odd(d.UsageInstructions), "INVALID_USAGE_INSTRUCTIONS", "Provide usage instructions of fewer than 4,000 characters.")
	fs.add(len(d.CompatibleServices) == 0, "NO_SERVICE_SPECIFIED", "Provide a compatible service.")
	for i, s := range d.CompatibleServices {
		fs.add(!slices.Contains(knownServices, s), "INCOMPATIBLE_SERVICES", "Service %s is not supported.", s)
		fs.add(slices.Contains(d.CompatibleServices[:i], s), "DUPLICATE_COMPATIBLE_AWS_SERVICES", "Service %s is there twice.", s)
	}
	fs.add(len(d.ContainerImages) == 0, "MISSING_CONTAINER_IMAGES", "Provide a container image.")
	fs.add(len(d.ContainerImages) > 50, "TOO_MANY_CONTAINER_IMAGES", "Provide at most 50 container images.")
	for i, image := range d.ContainerImages {
		fs.add(slices.Contains(d.ContainerImages[:i], image), "DUPLICATE_CONTAINER_IMAGES", "Image %s is there twice.", image)
		out.Digests = append(out.Digests, w.scan(p, image, fs))
	}
	fs.add(len(d.DeploymentResources) > 4, "INVALID_DETAILS", "Provide at most 4 deployment resources.")
	for _, r := range d.DeploymentResources {
		fs.add(r.Name == "", "EMPTY_RESOURCE_NAME", "Provide a resource name.")
		fs.add(r.Url == "", "EMPTY_RESOURCE_URL", "Provide a resource URL.")
		fs.add(len(r.Name) >= 256, "INVALID_RESOURCE_NAME", "Provide a name of fewer than 256 characters.")
		fs.add(len(r.Url) >= 256, "INVALID_RESOURCE_URL", "Provide a URL of fewer than 256 characters.")
		out.Resources = append(out.Resources, DeploymentResource{r.Name, r.Url})
	}
	return out
}

// cutName divides host/repository:tag.
func cutName(image string) (host, repository, tag string) {
	host, rest, _ := strings.Cut(image, "/")
	repository, tag, _ = strings.Cut(rest, ":")
	return host, repository, tag
}

// scan looks at an image as it is now, and says which it is.
func (w *World) scan(p *Product, image string, fs *faults) (digest string) {
	host, repository, tag := cutName(image)
	switch {
	case !registryHost.MatchString(host) || host != Host(marketplaceAccount, "us-east-1"):
		fs.add(true, "INVALID_CONTAINER_IMAGE_URI", "Image %s doesn't have access to this product.", image)
		return ""
	case !slices.Contains(p.Repositories, host+"/"+repository):
		fs.add(true, "INVALID_CONTAINER_IMAGE_REPOSITORY", "Repository %s was not created for this product.", repository)
		return ""
	case tag == "latest":
		fs.add(true, "INVALID_CONTAINER_IMAGE_TAG", "Avoid using 'latest' tag.")
		return ""
	}
	m, ok := w.store.manifest(host, repository, tag)
	if !ok {
		fs.add(true, "IMAGE_NOT_FOUND", "Image %s was not found.", image)
		return ""
	}
	if refs, err := parseReferences(m.raw); err != nil || len(refs.Layers) == 0 {
		fs.add(true, "UNSUPPORTED_CONTAINER_IMAGE_URI", "Provide an image that follows the Image Manifest V 2, Schema 1")
	}
	return m.digest()
}

func (c *catalog) uuid() string {
	c.ids++
	return fmt.Sprintf("%08x-0000-4000-8000-%012x", c.ids, c.ids)
}
