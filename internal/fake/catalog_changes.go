package fake

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// readChange checks a change against the shape of its type, and for the entity. One
// may be about what a change before it creates.
func (w *World) readChange(c *call, in changeInput, before []CatalogChange) (CatalogChange, *fault) {
	out := CatalogChange{Type: in.ChangeType, Details: in.DetailsDocument}
	if in.ChangeName != nil {
		if out.Name = *in.ChangeName; !changeName.MatchString(out.Name) {
			return out, invalidCall("Value at 'changeName' failed to satisfy constraint: %s", changeName)
		}
	}
	kind, ok := changeTypes[in.ChangeType]
	if !ok {
		return out, &fault{http.StatusNotImplemented, "NotImplemented", "no fake for change type " + in.ChangeType}
	}
	if len(in.DetailsDocument) == 0 {
		return out, invalidCall("DetailsDocument is missing.")
	}
	if err := kind.shape(in.DetailsDocument); err != nil {
		return out, invalidCall("DetailsDocument of %s: %v", in.ChangeType, err)
	}
	keys := map[string]string{"catalog:ChangeType": in.ChangeType}
	switch {
	case kind.creates && in.Entity.Identifier != nil:
		return out, invalidCall("%s takes no entity identifier.", in.ChangeType)
	case kind.creates:
		return out, w.permits(c, entityARN(c.account, "*"), keys)
	case in.Entity.Identifier == nil:
		return out, invalidCall("%s needs an entity.", in.ChangeType)
	}
	out.Product = *in.Entity.Identifier
	if strings.HasPrefix(out.Product, "$") {
		if created(before, out.Product) == nil {
			return out, invalidCall("The reference %s is to no change before.", out.Product)
		}
		return out, w.permits(c, entityARN(c.account, "*"), keys)
	}
	id, revision, _ := strings.Cut(out.Product, "@")
	p, f := w.entity(c, id, keys)
	if f != nil {
		return out, f
	}
	if revision != "" && revision != fmt.Sprint(p.Revision) {
		return out, invalidCall("Entity revision %s is not the latest, which is %d.", revision, p.Revision)
	}
	if kind.now != nil {
		w.mu.Lock()
		err := kind.now(p, in.DetailsDocument)
		w.mu.Unlock()
		if err != nil {
			return out, invalidCall("%v", err)
		}
	}
	out.Product = id
	return out, nil
}

// created is the change of a set that creates what a reference is to.
func created(changes []CatalogChange, reference string) *CatalogChange {
	for i := range changes {
		if c := &changes[i]; changeTypes[c.Type].creates && c.Name != "" && reference == "$"+c.Name+".Entity.Identifier" {
			return c
		}
	}
	return nil
}

// apply makes all changes of a set, or none and says why.
func (w *World) apply(s *ChangeSet) bool {
	drafts, fine := map[string]*Product{}, true
	for i := range s.Changes {
		c, kind := &s.Changes[i], changeTypes[s.Changes[i].Type]
		id := c.Product
		if kind.creates {
			id = "prod-" + w.catalog.nextID()
			drafts[id] = &Product{ID: id, Account: s.Account, Visibility: "Draft"}
			c.Product = id
		} else if by := created(s.Changes[:i], id); by != nil {
			id = by.Product
		}
		if drafts[id] == nil {
			drafts[id] = w.catalog.products[id].clone()
		}
		c.Errors = kind.apply(w, drafts[id], c.Details)
		fine = fine && len(c.Errors) == 0
	}
	for i := range s.Changes {
		c := &s.Changes[i]
		switch by := created(s.Changes[:i], c.Product); {
		case by != nil && fine:
			c.Product = by.Product
		case changeTypes[c.Type].creates && !fine:
			c.Product = ""
		}
	}
	if !fine {
		return false
	}
	for id, p := range drafts {
		w.catalog.products[id] = p
		if !slices.Contains(s.Products, id) {
			s.Products = append(s.Products, id)
		}
		for _, r := range p.Repositories {
			if host, name, _ := cutName(r); w.repositories[r] == nil {
				m := registryHost.FindStringSubmatch(host)
				w.repositories[r] = newRepository(m[1], m[2], name)
			}
		}
	}
	return true
}
