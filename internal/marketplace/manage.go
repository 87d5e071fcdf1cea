package marketplace

import (
	"context"
	"fmt"
	"slices"

	"glue-connector/internal/connector"
)

// The documents of the change types that change what is there:
// https://docs.aws.amazon.com/marketplace/latest/developerguide/work-with-container-products.html
// All fields of an update are optional; what is left out stays.
type (
	updateDeliveryOptions struct {
		Version         *updatedVersion `json:",omitempty"`
		DeliveryOptions []updatedOption
	}
	updatedVersion struct{ ReleaseNotes string }
	updatedOption  struct {
		Id      string
		Details *updatedDetails `json:",omitempty"`
	}
	updatedDetails struct{ EcrDeliveryOptionDetails updatedTexts }
	updatedTexts   struct {
		Description       string `json:",omitempty"`
		UsageInstructions string `json:",omitempty"`
	}
	restrictDeliveryOptions struct{ DeliveryOptionIds []string }
	releaseProduct          struct{}
	updateVisibility        struct{ TargetVisibility string }
)

// Task is a change of a product, with a way to tell that it is made already.
type Task struct {
	Set ChangeSet
	// Done tells that a product is as it is to be.
	Done func(*connector.Product) bool
}

// Update is what is to be changed of a version that is there. Texts that are empty
// stay as they are.
type Update struct {
	Product string
	Title   string // of the version
	Notes   string
	Options []OptionUpdate // at most four, of that version alone, and at least one
}

// OptionUpdate is what is to be changed of a delivery option.
type OptionUpdate struct {
	ID           string
	Description  string
	Instructions string
}

// UpdateVersion changes texts of a version. Even if the release notes alone are
// changed, a delivery option has to tell whose they are.
func UpdateVersion(u Update) Task {
	var d updateDeliveryOptions
	if u.Notes != "" {
		d.Version = &updatedVersion{u.Notes}
	}
	for _, o := range u.Options {
		updated := updatedOption{Id: o.ID}
		if o.Description != "" || o.Instructions != "" {
			updated.Details = &updatedDetails{updatedTexts{o.Description, o.Instructions}}
		}
		d.DeliveryOptions = append(d.DeliveryOptions, updated)
	}
	return Task{
		Set:  ChangeSet{Title: "update " + u.Title, Changes: []Change{{Type: "UpdateDeliveryOptions", Product: u.Product, Details: d}}},
		Done: u.done,
	}
}

func (u Update) done(p *connector.Product) bool {
	v := p.Version(u.Title)
	if v == nil || u.Notes != "" && !connector.SameText(v.Notes, u.Notes) {
		return false
	}
	for _, want := range u.Options {
		i := slices.IndexFunc(v.Options, func(o connector.DeliveryOption) bool { return o.ID == want.ID })
		if i < 0 || want.Description != "" && !connector.SameText(v.Options[i].Description, want.Description) ||
			want.Instructions != "" && !connector.SameText(v.Options[i].Instructions, want.Instructions) {
			return false
		}
	}
	return true
}

// Restrict takes delivery options from those who do not have them yet: for good.
func Restrict(product, title string, ids []string) Task {
	return Task{
		Set: ChangeSet{Title: "restrict " + title, Changes: []Change{{Type: "RestrictDeliveryOptions", Product: product, Details: restrictDeliveryOptions{ids}}}},
		Done: func(p *connector.Product) bool {
			for _, v := range p.Versions {
				for _, o := range v.Options {
					if slices.Contains(ids, o.ID) && o.Visibility != "Restricted" {
						return false
					}
				}
			}
			return true
		},
	}
}

// Release makes a draft Limited: complete, and visible to its seller and to those
// whom the seller names.
func Release(product string) Task {
	return Task{
		Set:  ChangeSet{Title: "release", Changes: []Change{{Type: "ReleaseProduct", Product: product, Details: releaseProduct{}}}, Once: true},
		Done: func(p *connector.Product) bool { return p.Visibility != "Draft" },
	}
}

// Show asks for another visibility of a product that is no draft: Public or Limited.
// People at AWS look at it first; AWS says that it takes up to 37 days, and wants
// the change in a set of its own.
func Show(product, visibility string) Task {
	return Task{
		Set:  ChangeSet{Title: "make " + visibility, Changes: []Change{{Type: "UpdateVisibility", Product: product, Details: updateVisibility{visibility}}}},
		Done: func(p *connector.Product) bool { return p.Visibility == visibility },
	}
}

// Do makes a change of a product, or finds it made or on its way.
func (c *Client) Do(ctx context.Context, t Task, o Options) (Result, error) {
	return c.Apply(ctx, t.Set, o, func(ctx context.Context) (bool, error) { return c.done(ctx, t) })
}

// Preview reads what Do would read, and tells what it would do.
func (c *Client) Preview(ctx context.Context, t Task) (Plan, error) {
	return c.plan(ctx, t.Set, func(ctx context.Context) (bool, error) { return c.done(ctx, t) })
}

func (c *Client) done(ctx context.Context, t Task) (bool, error) {
	p, err := c.existing(ctx, t.Set.product())
	if err != nil {
		return false, err
	}
	return t.Done(p), nil
}

// existing reads a product that has to be there.
func (c *Client) existing(ctx context.Context, id string) (*connector.Product, error) {
	p, err := c.Product(ctx, id)
	if err == nil && p.Absent != "" {
		err = &Error{Kind: Auth, err: fmt.Errorf("reading product %s: %s", id, p.Absent), hint: "Check product-id, and that the credentials are those of the seller's account."}
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}
