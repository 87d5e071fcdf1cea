package marketplace

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"

	"glue-connector/internal/connector"
)

// The documents of the change types that make a product:
// https://docs.aws.amazon.com/marketplace/latest/developerguide/work-with-seller-products.html
type (
	createProduct   struct{ ProductTitle string }
	addRepositories struct{ Repositories []addedRepository }
	addedRepository struct{ RepositoryName, RepositoryType string }
)

// Information is the document of UpdateInformation; its form in JSON is AWS's. Of a
// draft AWS wants all that is not omitted when it is empty.
type Information struct {
	ProductTitle        string
	ShortDescription    string
	LongDescription     string
	Sku                 string `json:",omitempty"`
	LogoUrl             string
	VideoUrls           []string `json:",omitempty"`
	Highlights          []string
	AdditionalResources []Resource
	SupportDescription  string
	Categories          []string
	SearchKeywords      []string
}

// Resource is a link for those who want to know more.
type Resource struct{ Text, Url string }

// The name of the change that creates a product, and how the others speak of it.
const (
	creation = "CreateProductChange"
	theNew   = "$" + creation + ".Entity.Identifier"
)

// CreateProduct is the one change set that makes a draft with its texts and its
// repositories: all of it, or nothing.
func CreateProduct(i Information, repositories []string) ChangeSet {
	return ChangeSet{Title: "create " + i.ProductTitle, Once: true, Changes: []Change{
		{Type: "CreateProduct", Name: creation, Details: createProduct{i.ProductTitle}},
		{Type: "UpdateInformation", Product: theNew, Details: i},
		{Type: "AddRepositories", Product: theNew, Details: named(repositories)},
	}}
}

func named(repositories []string) (d addRepositories) {
	for _, name := range repositories {
		d.Repositories = append(d.Repositories, addedRepository{name, "ECR"})
	}
	return d
}

// AddRepositories makes repositories for a product, in the registry of AWS
// Marketplace. AWS puts the seller's namespace before their names.
func AddRepositories(product string, names []string) Task {
	return Task{
		Set:  ChangeSet{Title: "add repositories", Once: true, Changes: []Change{{Type: "AddRepositories", Product: product, Details: named(names)}}},
		Done: func(p *connector.Product) bool { return len(Missing(p, names)) == 0 },
	}
}

// Missing are the repositories of these names that a product does not have.
func Missing(p *connector.Product, names []string) (all []string) {
	have := map[string]bool{}
	for _, r := range p.Repositories {
		have[r[strings.LastIndex(r, "/")+1:]] = true
	}
	for _, name := range names {
		if !have[name] {
			all = append(all, name)
		}
	}
	return all
}

// Create makes a product, or finds the one that has its title, or the change set
// that makes it. The product is nil as long as there is none.
func (c *Client) Create(ctx context.Context, s ChangeSet, o Options) (Result, *connector.Product, error) {
	n := &newcomer{c: c, set: s}
	r, err := c.Apply(ctx, s, o, n.there)
	if err != nil || r.State != Done {
		return r, nil, err
	}
	p, err := n.product(ctx, r.ID)
	return r, p, err
}

// PreviewCreate reads what Create would read, and tells what it would do.
func (c *Client) PreviewCreate(ctx context.Context, s ChangeSet) (Plan, error) {
	n := &newcomer{c: c, set: s}
	return c.plan(ctx, s, n.there)
}

// newcomer looks for a product that is to be created.
type newcomer struct {
	c   *Client
	set ChangeSet
	id  string // once it was found
}

func (n *newcomer) title() string { return n.set.Changes[0].Details.(createProduct).ProductTitle }

// there tells whether the product is there. One that is on its way by the very same
// change set is not: the set knows better how far it is.
func (n *newcomer) there(ctx context.Context) (bool, error) {
	sets, err := n.c.sets(ctx, n.set)
	if err != nil {
		return false, err
	}
	for _, s := range sets {
		if s.running() || s.status == "SUCCEEDED" {
			return false, nil
		}
	}
	ids, err := n.c.titled(ctx, n.title())
	if err != nil || len(ids) == 0 {
		return false, err
	}
	if len(ids) > 1 {
		return false, &Error{Kind: Conflict, err: fmt.Errorf("%d products have the title %q already: %s", len(ids), n.title(), strings.Join(ids, ", ")),
			hint: "Give the product another title, or go on with one of these."}
	}
	n.id = ids[0]
	return true, nil
}

// product reads what there was, or what a change set has made.
func (n *newcomer) product(ctx context.Context, set string) (*connector.Product, error) {
	if n.id == "" && set != "" {
		d, err := n.c.describe(ctx, set)
		if err != nil {
			return nil, err
		}
		n.id = d.created
	}
	if n.id == "" {
		return nil, &Error{Kind: Remote, err: errors.New("reading the product: its change set does not name it"), hint: "Run again, or see it in the portal."}
	}
	return n.c.existing(ctx, n.id)
}

// titled are the ids of the seller's products with exactly this title.
func (c *Client) titled(ctx context.Context, title string) (ids []string, err error) {
	doing := fmt.Sprintf("looking for products with the title %q", title)
	var next *string
	for range maxPages {
		out, err := call(ctx, c, doing, func(ctx context.Context) (*marketplacecatalog.ListEntitiesOutput, error) {
			return c.api.ListEntities(ctx, &marketplacecatalog.ListEntitiesInput{
				Catalog: aws.String(catalog), EntityType: aws.String("ContainerProduct"), MaxResults: aws.Int32(20), NextToken: next,
				EntityTypeFilters: &types.EntityTypeFiltersMemberContainerProductFilters{Value: types.ContainerProductFilters{
					ProductTitle: &types.ContainerProductTitleFilter{ValueList: []string{title}},
				}},
			})
		})
		if err != nil {
			return nil, err
		}
		for _, e := range out.EntitySummaryList {
			id, _, _ := strings.Cut(aws.ToString(e.EntityId), "@")
			ids = append(ids, id)
		}
		if aws.ToString(out.NextToken) == "" {
			return ids, nil
		}
		next = out.NextToken
	}
	return nil, &Error{Kind: Remote, err: fmt.Errorf("%s: the list does not end", doing)}
}
