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
	p, err := c.existing(ctx, l.Product)
	if err != nil {
		return false, err
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

// Plan is what Publish, or another change, would do.
type Plan struct {
	// Existed tells that what is wanted is there already.
	Existed bool
	// Running is the change set that would be waited for, "" for none.
	Running string
	// Request is the body of StartChangeSet that would be sent, empty if none would.
	Request []byte
}

// Plan reads what Publish would read, and tells what it would do.
func (c *Client) Plan(ctx context.Context, l *connector.Listing, digests []string) (Plan, error) {
	return c.plan(ctx, AddVersion(l, digests), func(ctx context.Context) (bool, error) { return c.published(ctx, l) })
}

func (c *Client) plan(ctx context.Context, s ChangeSet, there func(context.Context) (bool, error)) (Plan, error) {
	is, err := there(ctx)
	if is || err != nil {
		return Plan{Existed: is}, err
	}
	a := &applying{c: c, set: s, at: Progress{State: Looking}}
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
