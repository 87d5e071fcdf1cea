package action

import (
	"context"

	"glue-connector/internal/connector"
	"glue-connector/internal/registry"
)

// settle fills in what the inputs leave to the config and to AWS: tag, account
// and the link's parameters.
func (r *run) settle(ctx context.Context) {
	ref := &r.in.Repository
	if ref.Tag == "" {
		ref.Tag = r.connector.Config.Text(connector.KeyVersion)
	}
	if ref.Repository != "" && ref.Account == "" && len(r.problems) == 0 && (r.in.Mode.pushes() || r.in.Mode == Verify) {
		cfg, err := r.config(ctx)
		if err == nil {
			ref.Account, err = registry.CallerAccount(ctx, cfg)
		}
		if err != nil {
			r.failConfig("account", err)
		}
	}
	if r.in.Mode == Verify && ref.Tag == "" {
		r.problems = append(r.problems, Problem{"image-tag", "no tag is named", "Give image-tag, or a config-path whose version is the tag."})
	}
	r.connector.Image = *ref
	if r.in.Mode.pushes() {
		r.settlePlaces(*ref)
	}
	if find("jars").In(r.in.Mode) {
		r.settleLink()
	}
	r.settleListing(ctx)
}

// settleLink takes the link's defaults from the config. A link is made when
// one is asked for, by any of its inputs or by a push.
func (r *run) settleLink() {
	if !r.in.LinkWanted && !r.in.Mode.pushes() && r.in.Listing.Product == "" {
		return
	}
	l, c := r.in.Link, r.connector.Config
	fallback := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	linkType, _ := connector.LinkType(c.Text(connector.KeyConnectorType))
	fallback(&l.Type, linkType)
	fallback(&l.Name, c.Text(connector.KeyDescription))
	fallback(&l.Description, c.Text(connector.KeyDescription))
	fallback(&l.ClassName, c.Text(connector.KeyClassName))
	fallback(&l.Version, connector.LinkVersion(c.Text(connector.KeyVersion)))
	if ref := r.connector.Image; ref.Account != "" && ref.Region != "" && ref.Repository != "" {
		fallback(&l.URL, ref.ConnectorURL())
	}
	r.connector.Link = &l
}
