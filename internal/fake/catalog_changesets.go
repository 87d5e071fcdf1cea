package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

func (w *World) startChangeSet(c *call) (any, *fault) {
	var in changeSetInput
	if err := strictly(c.body, &in); err != nil {
		return nil, invalidCall("%v", err)
	}
	if f := in.check(); f != nil {
		return nil, f
	}
	s := &ChangeSet{Token: *in.ClientRequestToken, Account: c.account, Status: "PREPARING", Started: time.Now(), request: canonical(c.body)}
	if in.ChangeSetName != nil {
		s.Name = *in.ChangeSetName
	}
	for _, change := range in.ChangeSet {
		if f := w.permits(c, changeSetARN(c.account, "*"), map[string]string{"catalog:ChangeType": change.ChangeType}); f != nil {
			return nil, f
		}
		made, f := w.readChange(c, change, s.Changes)
		if f != nil {
			return nil, f
		}
		s.Changes = append(s.Changes, made)
		if made.Product != "" && !slices.Contains(s.Products, made.Product) {
			s.Products = append(s.Products, made.Product)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, other := range w.catalog.sets {
		if other.Token == s.Token && other.Account == s.Account {
			if other.request != s.request {
				return nil, invalidCall("The client request token was used with other parameters.")
			}
			return other.reference(), nil
		}
	}
	if other := w.catalog.locking(s.Products); other != nil {
		w.advance(other) // time passes for those who ask again, too
		return nil, &fault{http.StatusLocked, "ResourceInUseException", fmt.Sprintf(
			"Requested change set has entities locked by change sets - entity: '%s', change sets: %s.", s.Products[0], other.ID)}
	}
	s.ID, s.preparing, s.apply = w.catalog.nextID(), w.catalog.preparing, w.catalog.apply
	if len(w.catalog.ends) > 0 {
		s.end, w.catalog.ends = &w.catalog.ends[0], w.catalog.ends[1:]
	}
	w.catalog.sets = append(w.catalog.sets, s)
	return s.reference(), nil
}

func (c *catalog) nextID() string {
	c.ids++
	return fmt.Sprintf("%013da", c.ids)[:13]
}

// locking is a running change set that keeps others from these entities.
func (c *catalog) locking(products []string) *ChangeSet {
	for _, s := range c.sets {
		if s.running() && slices.ContainsFunc(products, func(p string) bool { return slices.Contains(s.Products, p) }) {
			return s
		}
	}
	return nil
}

func (s *ChangeSet) running() bool { return s.Status == "PREPARING" || s.Status == "APPLYING" }

func (s *ChangeSet) reference() map[string]any {
	return map[string]any{"ChangeSetId": s.ID, "ChangeSetArn": changeSetARN(s.Account, s.ID)}
}

// set is the change set that a call names in its query.
func (w *World) set(c *call) (*ChangeSet, *fault) {
	q := c.URL.Query()
	id := q.Get("changeSetId")
	if q.Get("catalog") != catalogName || id == "" {
		return nil, invalidCall("catalog or changeSetId is missing")
	}
	if f := w.permits(c, changeSetARN(c.account, id), nil); f != nil {
		return nil, f
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.catalog.sets {
		if s.ID == id && s.Account == c.account {
			return s, nil
		}
	}
	return nil, notFoundEntity("Change set %s does not exist.", id)
}

// describeChangeSet also moves the change set on: time passes by polls.
func (w *World) describeChangeSet(c *call) (any, *fault) {
	s, f := w.set(c)
	if f != nil {
		return nil, f
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance(s)
	out := s.reference()
	out["ChangeSetName"], out["Status"], out["StartTime"], out["Intent"] = s.Name, s.Status, s.Started.UTC().Format(time.RFC3339), "APPLY"
	if !s.Ended.IsZero() {
		out["EndTime"] = s.Ended.UTC().Format(time.RFC3339)
	}
	if s.FailureCode != "" {
		out["FailureCode"], out["FailureDescription"] = s.FailureCode, s.Description
	}
	changes := []any{}
	for _, change := range s.Changes {
		entity := map[string]string{"Type": containerProductType}
		if change.Product != "" {
			entity["Identifier"] = change.Product
		}
		if p := w.catalog.products[change.Product]; p != nil {
			entity["Identifier"] = fmt.Sprintf("%s@%d", p.ID, p.Revision)
		}
		errors := change.Errors
		if errors == nil {
			errors = []CatalogError{}
		}
		changes = append(changes, map[string]any{
			"ChangeType": change.Type, "ChangeName": change.Name, "Entity": entity,
			"Details": string(change.Details), "DetailsDocument": json.RawMessage(change.Details), "ErrorDetailList": errors,
		})
	}
	out["ChangeSet"] = changes
	return out, nil
}

func (w *World) advance(s *ChangeSet) {
	if !s.running() {
		return
	}
	s.polls++
	switch {
	case s.polls <= s.preparing:
		return
	case s.polls <= s.preparing+s.apply:
		s.Status = "APPLYING"
		return
	}
	s.Ended = time.Now()
	if s.end != nil {
		s.Status, s.FailureCode, s.Description = s.end.Status, s.end.FailureCode, s.end.Description
		s.Changes[0].Errors = s.end.Errors
		return
	}
	if s.Status = "SUCCEEDED"; s.Token == "" {
		return
	}
	if !w.apply(s) {
		s.Status, s.FailureCode, s.Description = "FAILED", "CLIENT_ERROR", "Change set failed due to errors in the request."
	}
}

func (w *World) cancelChangeSet(c *call) (any, *fault) {
	s, f := w.set(c)
	if f != nil {
		return nil, f
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.Status != "PREPARING" {
		return nil, &fault{http.StatusLocked, "ResourceInUseException", "Change set " + s.ID + " is " + s.Status + " and cannot be cancelled."}
	}
	s.Status, s.Ended = "CANCELLED", time.Now()
	return s.reference(), nil
}

// CancelChangeSets cancels all that are not applying yet, as a person in the portal.
func (w *World) CancelChangeSets() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.catalog.sets {
		if s.Status == "PREPARING" {
			s.Status, s.Ended = "CANCELLED", time.Now()
		}
	}
}

// EndChangeSets lets all that run come to their end.
func (w *World) EndChangeSets() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.catalog.sets {
		for s.running() {
			w.advance(s)
		}
	}
}
