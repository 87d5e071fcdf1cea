package action

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"glue-connector/internal/connector"
	"glue-connector/internal/marketplace"
	"glue-connector/internal/product"
	"glue-connector/internal/report"
)

// maxProductFile is how long a product.yaml may be that is read at all, in bytes.
const maxProductFile = product.MaxSize + 1

// createProduct makes a draft with all that a machine can say of it.
func (r *run) createProduct(ctx context.Context) {
	p := r.readProductFile()
	for _, f := range product.Fields {
		if values, given := r.in.Managing.Fields[f.Key]; given && p != nil {
			p.Set(f.Key, values)
		}
	}
	for _, problem := range p.Check() {
		r.productProblem(problem)
	}
	if !r.connect(ctx) {
		return
	}
	set := marketplace.CreateProduct(information(p), p.List("repositories"))
	if r.in.DryRun {
		plan, err := r.market.PreviewCreate(ctx, set)
		r.tellPlan(plan, err, "a product of this title is there already")
		return
	}
	r.report.Listing = &report.Listing{}
	got, made, err := r.market.Create(ctx, set, marketplace.Options{Wait: r.in.Wait, Observe: r.observeMarket})
	done := "the product " + p.Text("title")
	if made != nil {
		done = fmt.Sprintf("product %s %s, %s", made.ID, made.Title, made.Visibility)
		r.report.Listing.Product = made.ID
	}
	r.tellChange(got, err, "created", done)
	if made != nil {
		r.tellRemaining(made, p.List("repositories"))
	}
}

// readProductFile reads product.yaml, which need not be there if nobody named it.
func (r *run) readProductFile() *product.Product {
	const input = "product-file"
	path := r.in.Managing.File
	if path == "" {
		path = "product.yaml"
	}
	raw, err := r.ws.Read(path, maxProductFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && r.in.Managing.File == "":
		return &product.Product{}
	case err != nil:
		r.problems = append(r.problems, fileProblem(input, path, err))
		return nil
	}
	p, problems := product.Parse(raw)
	for _, problem := range problems {
		r.productProblem(problem)
	}
	return p
}

// productProblem names the place of what is wrong: in the file, or a flag.
func (r *run) productProblem(p product.Problem) {
	path := r.in.Managing.File
	if path == "" {
		path = "product.yaml"
	}
	if p.At.Line > 0 {
		r.problems = append(r.problems, Problem{"product-file", fmt.Sprintf("%s:%s", path, p), p.Advice})
		return
	}
	input := p.Key
	if input == "" {
		input = "product-file"
	}
	r.problems = append(r.problems, Problem{input, p.Message, p.Advice})
}

// information is the document that the texts become.
func information(p *product.Product) marketplace.Information {
	i := marketplace.Information{
		ProductTitle: p.Text("title"), ShortDescription: p.Text("short-description"), LongDescription: p.Text("long-description"), Sku: p.Text("sku"),
		LogoUrl: p.Text("logo-url"), VideoUrls: p.List("video-urls"), Highlights: p.List("highlights"), SupportDescription: p.Text("support-description"),
		Categories: p.List("categories"), SearchKeywords: p.List("search-keywords"), AdditionalResources: []marketplace.Resource{},
	}
	for _, v := range p.Values("additional-resources") {
		i.AdditionalResources = append(i.AdditionalResources, marketplace.Resource{Text: v.Text, Url: v.URL})
	}
	return i
}

// tellRemaining says what a product is called now, and what is left for people.
func (r *run) tellRemaining(p *connector.Product, repositories []string) {
	r.show("\n  product-id  %s", p.ID)
	for _, repository := range p.Repositories {
		r.show("  repository  %s", repository)
	}
	if missing := marketplace.Missing(p, repositories); len(missing) > 0 {
		r.show("  missing     %s: glue-connector product create-repository --product-id %s", strings.Join(missing, ", "), p.ID)
	}
	r.show("\nWhat is left for people:")
	for n, step := range []string{
		"Prices, terms for buyers and countries, in the portal: " + portalURL(p.ID),
		"For a paid product: tax and banking data of the seller's account, in the portal under Settings; and metering in the connector.",
		"To have it complete, for you and the accounts you name: glue-connector product release --product-id " + p.ID + " --to limited",
		"The first version: mode publish with product-id " + p.ID + " and one of the repositories.",
		"The tests of the guide's steps 5 and 6; then AWS looks at it: glue-connector product release --product-id " + p.ID + " --to public",
	} {
		r.show("  %s. %s", n+1, step)
	}
}

// addRepositories adds those that a product does not have.
func (r *run) addRepositories(ctx context.Context) {
	names := slices.Compact(slices.Sorted(slices.Values(r.in.Managing.Fields["repositories"])))
	if len(names) == 0 {
		r.problems = append(r.problems, Problem{"repositories", "no repository is named", "Give a name such as my-connector."})
	}
	for _, name := range names {
		if !product.RepositoryName().MatchString(name) || len(name) < 2 || len(name) > 255 {
			r.problems = append(r.problems, Problem{"repositories", fmt.Sprintf("%+q is no name of a repository (AWS: INVALID_ECR_REPOSITORY_NAME, \"Provide repository name in the format: 'nginx-web-app'\")", name), "Write small letters and digits, without a namespace: AWS puts yours before it."})
		}
	}
	p := r.readProduct(ctx)
	if p == nil {
		return
	}
	missing := marketplace.Missing(p, names)
	if len(missing) == 0 {
		r.report.Result = "unchanged"
		r.done(marketStep, "nothing to do: the product has %s", strings.Join(names, ", "))
	} else {
		if n := len(p.Repositories) + len(missing); n > 70 {
			r.refuse("listing-product", fmt.Sprintf("the product would have %d repositories, and AWS allows 70", n), "Use one of those that are there.")
			return
		}
		r.change(ctx, marketplace.AddRepositories(p.ID, missing), "created", fmt.Sprintf("product %s has %s", p.ID, strings.Join(missing, ", ")))
		if r.stopped() != "" || r.in.DryRun {
			return
		}
		if p, _ = r.market.Product(ctx, p.ID); p == nil {
			return
		}
	}
	for _, repository := range p.Repositories {
		r.show("  repository  %s", repository)
	}
}
