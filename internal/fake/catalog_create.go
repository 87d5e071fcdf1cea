package fake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
)

// sellerNamespace is that of the caller in AWS Marketplace's registry: AWS puts it
// before the names of repositories.
const sellerNamespace = "my-company"

// The shapes of the change types that make a product.
type (
	createProduct   struct{ ProductTitle *string }
	addRepositories struct {
		Repositories []struct{ RepositoryName, RepositoryType string }
	}
	updateInformation struct {
		ProductTitle, ShortDescription, LongDescription, Sku, LogoUrl, SupportDescription *string
		VideoUrls, Highlights, Categories, SearchKeywords                                 []string
		AdditionalResources                                                               []struct{ Text, Url string }
	}
)

func (d createProduct) required() error { return texts("#/ProductTitle", text{d.ProductTitle, 72}) }

func (d addRepositories) required() error {
	if n := len(d.Repositories); n < 1 || n > 50 {
		return fmt.Errorf("#/Repositories: expected 1 to 50 items, found: %d", n)
	}
	for _, r := range d.Repositories {
		if n := len(r.RepositoryName); r.RepositoryType != "ECR" || n < 2 || n > 256 {
			return fmt.Errorf("#/Repositories: %q of type %q", r.RepositoryName, r.RepositoryType)
		}
	}
	return nil
}

var (
	logoURL     = regexp.MustCompile(`^https://(www\.)?[-a-zA-Z0-9@._]{1,256}\.[a-zA-Z0-9()]{2,63}\b([-a-zA-Z0-9@_+./]*)$`)
	resourceURL = regexp.MustCompile(`^https?://(www\.)?[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-zA-Z0-9()]{2,63}\b([-a-zA-Z0-9()@:%_+.~#?&/=, ]*)$`)
	controls    = regexp.MustCompile(`[\x00-\x08\x0B-\x1F]`)
)

func (d updateInformation) required() error {
	if err := texts("#", text{d.ProductTitle, 72}, text{d.ShortDescription, 1000}, text{d.LongDescription, 5000}, text{d.Sku, 100}, text{d.SupportDescription, 2000}); err != nil {
		return err
	}
	for _, t := range []*string{d.ProductTitle, d.ShortDescription, d.LongDescription, d.Sku, d.SupportDescription} {
		if t != nil && controls.MatchString(*t) {
			return fmt.Errorf("#: a control character")
		}
	}
	for _, l := range []struct {
		name              string
		items             []string
		least, most, long int
	}{{"VideoUrls", d.VideoUrls, 0, 1, 2048}, {"Highlights", d.Highlights, 1, 3, 500}, {"Categories", d.Categories, 1, 3, 100}, {"SearchKeywords", d.SearchKeywords, 1, 15, 50}} {
		if n := len(l.items); l.items != nil && (n < l.least || n > l.most) {
			return fmt.Errorf("#/%s: expected %d to %d items, found: %d", l.name, l.least, l.most, n)
		}
		if slices.ContainsFunc(l.items, func(s string) bool { return len([]rune(s)) > l.long }) {
			return fmt.Errorf("#/%s: expected maxLength: %d", l.name, l.long)
		}
	}
	if d.LogoUrl != nil && !logoURL.MatchString(*d.LogoUrl) {
		return fmt.Errorf("#/LogoUrl: string does not match pattern")
	}
	if len(d.AdditionalResources) > 3 {
		return fmt.Errorf("#/AdditionalResources: expected maximum item count: 3")
	}
	for _, r := range d.AdditionalResources {
		if len(r.Text) == 0 || len(r.Text) > 500 || !resourceURL.MatchString(r.Url) {
			return fmt.Errorf("#/AdditionalResources: string does not match pattern")
		}
	}
	return nil
}

func (w *World) createProduct(p *Product, document []byte) []CatalogError {
	var d createProduct
	if err := json.Unmarshal(document, &d); err != nil {
		return []CatalogError{{"INVALID_INPUT", err.Error()}}
	}
	if d.ProductTitle != nil {
		p.Title = *d.ProductTitle
	}
	p.Revision++
	return nil
}

var repositoryPart = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)

func (w *World) addRepositories(p *Product, document []byte) []CatalogError {
	var d addRepositories
	if err := json.Unmarshal(document, &d); err != nil {
		return []CatalogError{{"MISSING_REPOSITORY_INFORMATION", err.Error()}}
	}
	var fs faults
	for _, r := range d.Repositories {
		name := Host(marketplaceAccount, "us-east-1") + "/" + sellerNamespace + "/" + r.RepositoryName
		fs.add(!repositoryPart.MatchString(r.RepositoryName), "INVALID_ECR_REPOSITORY_NAME", "Provide repository name in the format: 'nginx-web-app'")
		fs.add(len(sellerNamespace)+1+len(r.RepositoryName) > 256, "INVALID_ECR_REPOSITORY_NAME", "Maximum character length 256 reached. Character length count is inclusive of the seller namespace.")
		fs.add(w.repositories[name] != nil || slices.Contains(p.Repositories, name), "DUPLICATE_ECR_REPOSITORY_NAME", "The repository [%s] already exists. Choose a different name.", r.RepositoryName)
		p.Repositories = append(p.Repositories, name)
	}
	p.Revision++
	return fs
}

// knownCategories are those of AWS's own examples.
var knownCategories = []string{"Operating Systems", "Network Infrastructure", "Application Development", "Streaming solutions", "Data Integration", "Databases"}

func (w *World) updateInformation(p *Product, document []byte) []CatalogError {
	var d updateInformation
	if err := json.Unmarshal(document, &d); err != nil {
		return []CatalogError{{"INVALID_INPUT", err.Error()}}
	}
	var fs faults
	for _, c := range d.Categories {
		fs.add(!slices.Contains(knownCategories, c), "INVALID_CATEGORY_NAMES", "Provide valid category names supported by AWS Marketplace.")
	}
	combined := 0
	for _, k := range d.SearchKeywords {
		combined += len(k)
	}
	fs.add(combined > 250, "INVALID_INPUT", "Search keywords must be no more than 250 combined characters.")
	i := &p.Information
	for _, f := range []struct {
		name string
		from *string
		to   *string
	}{{"ProductTitle", d.ProductTitle, &p.Title}, {"ShortDescription", d.ShortDescription, &i.ShortDescription}, {"LongDescription", d.LongDescription, &i.LongDescription},
		{"SupportDescription", d.SupportDescription, &i.SupportDescription}, {"LogoUrl", d.LogoUrl, &i.LogoURL}, {"Sku", d.Sku, &i.Sku}} {
		if f.from != nil {
			fs.add(odd(*f.from), "INVALID_INPUT", "Invalid %s field. Remove unsupported characters [UnsupportedCharacters].", f.name)
			*f.to = *f.from
		}
		fs.add(*f.to == "" && f.name != "Sku", "INVALID_INPUT", "Provide %s.", f.name)
	}
	i.updateLists(d, &fs)
	p.Revision++
	return fs
}

func (i *ProductInformation) updateLists(d updateInformation, fs *faults) {
	for _, f := range []struct {
		from    []string
		to      *[]string
		missing string
	}{{d.Highlights, &i.Highlights, "Provide at least one highlight."}, {d.Categories, &i.Categories, "Provide between 1 and 3 product categories."},
		{d.SearchKeywords, &i.SearchKeywords, "Provide at least one search keyword."}, {d.VideoUrls, &i.VideoURLs, ""}} {
		if f.from != nil {
			*f.to = f.from
		}
		fs.add(len(*f.to) == 0 && f.missing != "", "INVALID_INPUT", "%s", f.missing)
	}
	if d.AdditionalResources == nil {
		return
	}
	i.AdditionalResources = nil
	for _, r := range d.AdditionalResources {
		i.AdditionalResources = append(i.AdditionalResources, DeploymentResource{r.Text, r.Url})
	}
}
