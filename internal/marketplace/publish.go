package marketplace

import (
	"context"
	"fmt"

	"glue-connector/internal/connector"
)

// Publish adds a version to its product, or finds it there or on its way. Digests
// are those that the images have, in the order of the delivery options.
func (c *Client) Publish(ctx context.Context, l *connector.Listing, digests []string, o Options) (Result, error) {
	return c.Apply(ctx, AddVersion(l, digests), o, func(ctx context.Context) (bool, error) { return c.published(ctx, l) })
}

// published tells whether a version is there as it is wanted; one of its title that
// is another one is an error.
func (c *Client) published(ctx context.Context, l *connector.Listing) (bool, error) {
	p, err := c.Product(ctx, l.Product)
	if err != nil {
		return false, err
	}
	if p.Absent != "" {
		return false, &Error{Kind: Auth, err: fmt.Errorf("reading product %s: %s", l.Product, p.Absent), hint: "Check product-id, and that the credentials are those of the seller's account."}
	}
	v := p.Version(l.Title)
	if v == nil {
		return false, nil
	}
	if !v.Serves(l) {
		return false, &Error{Kind: Conflict, err: fmt.Errorf("product %s has another version %s already", l.Product, l.Title),
			hint: "Release under a new version-title."}
	}
	return true, nil
}

// Plan is what Publish would do.
type Plan struct {
	// Existed tells that the version is there already.
	Existed bool
	// Running is the change set that would be waited for, "" for none.
	Running string
	// Request is the body of StartChangeSet that would be sent, empty if none would.
	Request []byte
}

// Plan reads what Publish would read, and tells what it would do.
func (c *Client) Plan(ctx context.Context, l *connector.Listing, digests []string) (Plan, error) {
	is, err := c.published(ctx, l)
	if is || err != nil {
		return Plan{Existed: is}, err
	}
	a := &applying{c: c, set: AddVersion(l, digests), at: Progress{State: Looking}}
	attempt, err := a.look(ctx)
	switch {
	case err != nil:
		return Plan{}, err
	case a.at.State == Done:
		return Plan{Existed: true}, nil
	case a.at.State == Awaiting:
		return Plan{Running: a.at.ID}, nil
	}
	body, err := a.set.Request(attempt)
	return Plan{Request: body}, err
}
