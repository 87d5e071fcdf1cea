package action

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"glue-connector/internal/connector"
	"glue-connector/internal/report"
)

// listingInputs are the inputs about the version in AWS Marketplace. A text may be
// @ and the path of a file.
type listingInputs struct {
	Product      string
	Title        string
	Notes        string
	OptionTitle  string
	Description  string
	Instructions string // a template
	Services     []string
	Resources    []connector.DeploymentResource
	Options      string // YAML
}

// productID is what AWS calls products: prod- and 13 characters, or a UUID.
var productID = regexp.MustCompile(`^(prod-[A-Za-z0-9]{8,40}|[A-Za-z0-9]{8}(-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12})$`)

func (r *reader) listing() listingInputs {
	l := listingInputs{
		Product:      r.text("product-id"),
		Title:        r.text("version-title"),
		Notes:        r.text("release-notes"),
		OptionTitle:  r.text("delivery-option-title"),
		Description:  r.text("delivery-description"),
		Instructions: r.text("usage-instructions"),
		Services:     r.list("compatible-services"),
		Resources:    resources(r.lines("deployment-resources")),
		Options:      r.text("delivery-options"),
	}
	if len(l.Services) == 0 {
		l.Services = []string{find("compatible-services").Default}
	}
	if l.Product != "" && !productID.MatchString(l.Product) {
		r.problem("product-id", fmt.Sprintf("%+q is no id of a product", l.Product), "Copy it from the product's page in the AWS Marketplace Management Portal: prod- and 13 letters and digits.")
	}
	return l
}

func resources(lines []string) (all []connector.DeploymentResource) {
	for _, line := range lines {
		name, url, _ := strings.Cut(line, "=")
		all = append(all, connector.DeploymentResource{Name: strings.TrimSpace(name), URL: strings.TrimSpace(url)})
	}
	return all
}

// optionInput is one entry of delivery-options. What it leaves out is that of the
// other inputs.
type optionInput struct {
	Title        string   `yaml:"title"`
	Image        string   `yaml:"image"`
	ImageTag     string   `yaml:"image-tag"`
	Description  string   `yaml:"description"`
	Instructions string   `yaml:"usage-instructions"`
	Services     []string `yaml:"compatible-services"`
	Resources    []string `yaml:"deployment-resources"`

	Name           string `yaml:"connector-name"`
	Text           string `yaml:"connector-description"`
	Version        string `yaml:"connector-version"`
	ConnectorClass string `yaml:"connector-class-name"`
}

const optionsInput = "delivery-options"

// maxText bounds a text in a file, in bytes; the longest that AWS takes has 30,000
// characters.
const maxText = 256 << 10

// settleListing makes the version of what the inputs, their files and the release
// say. A run about no product has none.
func (r *run) settleListing(ctx context.Context) {
	in := r.in.Listing
	if in.Product == "" || !find("product-id").In(r.in.Mode) || len(r.problems) > 0 {
		return
	}
	l := &connector.Listing{Product: in.Product, Title: in.Title, Notes: r.textOf("release-notes", in.Notes)}
	if l.Title == "" {
		l.Title = r.connector.Config.Text(connector.KeyVersion)
	}
	if l.Notes == "" && r.in.Mode == Publish {
		l.Notes = r.releaseNotes(ctx)
	}
	in.Instructions = r.textOf("usage-instructions", in.Instructions)
	if in.Instructions == "" {
		in.Instructions = connector.DefaultInstructions
	}
	options := []optionInput{{}}
	if in.Options != "" {
		options = r.readOptions(r.textOf(optionsInput, in.Options))
	}
	own := false
	for _, o := range options {
		made, ref := r.option(in, o)
		own = own || ref == r.connector.Image
		l.Options = append(l.Options, made)
		if ref != r.connector.Image {
			r.others = append(r.others, other{title: made.Title, ref: ref, link: made.Link})
		}
	}
	if !own && len(r.problems) == 0 {
		r.problems = append(r.problems, Problem{optionsInput, "none of them has the image of this run", "Leave image and image-tag out of the one that has."})
	}
	r.listing = l
}

// textOf is the text of an input, or of the file that it names.
func (r *run) textOf(input, value string) string {
	path, isFile := strings.CutPrefix(value, "@")
	if !isFile {
		return value
	}
	b, err := r.ws.Read(path, maxText)
	if err == nil && len(b) > maxText {
		err = fmt.Errorf("the file is larger than %s", report.Bytes(maxText))
	}
	if err != nil {
		r.problems = append(r.problems, fileProblem(input, path, err))
		return ""
	}
	return strings.TrimRight(string(b), " \t\r\n")
}

func (r *run) readOptions(text string) (all []optionInput) {
	problem := func(message, advice string) {
		r.problems = append(r.problems, Problem{optionsInput, message, advice})
	}
	if text == "" {
		return nil
	}
	if err := yaml.Load([]byte(text), &all, yaml.WithKnownFields()); err != nil {
		problem(fmt.Sprintf("%+q", report.Cut(strings.Join(strings.Fields(err.Error()), " "), 300)), "Write a YAML list, each entry with a title; the README has an example.")
		return nil
	}
	for _, o := range all {
		switch {
		case o.Title == "":
			problem("one of them has no title", "Give each a title, such as the Glue version it is for.")
		case o.Image != "" && o.ImageTag != "":
			problem(fmt.Sprintf("%+q has image and image-tag", o.Title), "Leave one of the two out.")
		case o.ImageTag != "" && !connector.ValidTag(o.ImageTag):
			problem(fmt.Sprintf("%+q is no image tag", o.ImageTag), "Use letters, digits, dots, dashes and underscores, at most 128 characters.")
		case o.Image != "":
			if ref, ok := connector.ParseReference(strings.TrimPrefix(o.Image, "https://")); !ok || ref.Tag == "" {
				problem(fmt.Sprintf("%+q is no image of Amazon ECR with a tag", o.Image), "Write it as 709825985650.dkr.ecr.us-east-1.amazonaws.com/my-company/my-connector:1.0.0.")
			}
		}
	}
	if len(all) == 0 {
		problem("the list is empty", "Name at least one, or leave the input out.")
	}
	return all
}

// option makes a delivery option, with the link to its image in its instructions.
func (r *run) option(in listingInputs, o optionInput) (connector.DeliveryOption, connector.Reference) {
	or := func(value, otherwise string) string {
		if value != "" {
			return value
		}
		return otherwise
	}
	ref := r.connector.Image
	if o.ImageTag != "" {
		ref.Tag = o.ImageTag
	}
	if given, ok := connector.ParseReference(strings.TrimPrefix(o.Image, "https://")); ok {
		ref = given
	}
	link := &connector.Link{}
	if r.connector.Link != nil {
		*link = *r.connector.Link
	}
	if ref != r.connector.Image {
		link.URL = ref.ConnectorURL()
	}
	link.Name, link.Description = or(o.Name, link.Name), or(o.Text, link.Description)
	link.Version, link.ClassName = or(o.Version, link.Version), or(o.ConnectorClass, link.ClassName)
	made := connector.DeliveryOption{
		Title: or(o.Title, in.OptionTitle), Description: or(o.Description, in.Description),
		Services: in.Services, Resources: in.Resources, Link: link,
	}
	image := ""
	if ref.Account != "" && ref.Region != "" && ref.Repository != "" {
		image = ref.String()
		made.Images = []string{image}
	}
	if len(o.Services) > 0 {
		made.Services = o.Services
	}
	if len(o.Resources) > 0 {
		made.Resources = resources(o.Resources)
	}
	template := in.Instructions
	if o.Instructions != "" {
		template = r.textOf(optionsInput, o.Instructions)
	}
	made.Instructions = connector.FillInstructions(strings.TrimSpace(template), link.String(), image, r.connector.Config.Text(connector.KeyVersion))
	return made, ref
}
