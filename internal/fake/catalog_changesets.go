package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The grammars of the API's model.
var (
	changeSetName = regexp.MustCompile(`^[\w\s+=.:@-]{1,100}$`)
	requestToken  = regexp.MustCompile(`^[!-~]{1,64}$`)
	entityID      = regexp.MustCompile(`^[\w-]+(@\d+)?$`)
)

// changeSetInput is the body of StartChangeSet.
type changeSetInput struct {
	Catalog            string
	ChangeSet          []changeInput
	ChangeSetName      *string
	ClientRequestToken *string
}

type changeInput struct {
	ChangeType string
	ChangeName *string
	Entity     struct {
		Type       string
		Identifier *string
	}
	DetailsDocument json.RawMessage
}

// check refuses what the service refuses at once.
func (in *changeSetInput) check() *fault {
	switch {
	case in.Catalog != catalogName:
		return invalidCall("Catalog %q is not supported.", in.Catalog)
	case len(in.ChangeSet) == 0 || len(in.ChangeSet) > 20:
		return invalidCall("A change set has 1 to 20 changes.")
	case in.ChangeSetName != nil && !changeSetName.MatchString(*in.ChangeSetName):
		return invalidCall("Value at 'changeSetName' failed to satisfy constraint: %s", changeSetName)
	case in.ClientRequestToken == nil || !requestToken.MatchString(*in.ClientRequestToken):
		return invalidCall("Value at 'clientRequestToken' failed to satisfy constraint: %s", requestToken)
	}
	seen := map[string]bool{}
	for _, c := range in.ChangeSet {
		id := ""
		if c.Entity.Identifier != nil {
			id = *c.Entity.Identifier
		}
		if c.Entity.Type != containerProductType {
			return invalidCall("Entity type %q is not supported.", c.Entity.Type)
		}
		if id != "" && !entityID.MatchString(id) && !strings.HasPrefix(id, "$") {
			return invalidCall("Value at 'identifier' failed to satisfy constraint: %s", entityID)
		}
		plain, _, _ := strings.Cut(id, "@")
		if key := c.ChangeType + " " + plain; seen[key] {
			return invalidCall("The change type %s is there twice for one entity.", c.ChangeType)
		} else {
			seen[key] = true
		}
	}
	return nil
}

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
		made, f := w.readChange(c, change)
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

// canonical is a JSON text without what means nothing in it: blanks, and the order
// of members.
func canonical(b []byte) string {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return string(b)
	}
	out, _ := json.Marshal(v) // it was JSON before
	return string(out)
}

// readChange checks a change against the shape of its type, and for the entity.
func (w *World) readChange(c *call, in changeInput) (CatalogChange, *fault) {
	out := CatalogChange{Type: in.ChangeType, Details: in.DetailsDocument}
	if in.ChangeName != nil {
		out.Name = *in.ChangeName
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
	if in.Entity.Identifier == nil {
		return out, invalidCall("%s needs an entity.", in.ChangeType)
	}
	id, revision, _ := strings.Cut(*in.Entity.Identifier, "@")
	p, f := w.entity(c, id, map[string]string{"catalog:ChangeType": in.ChangeType})
	if f != nil {
		return out, f
	}
	if revision != "" && revision != fmt.Sprint(p.Revision) {
		return out, invalidCall("Entity revision %s is not the latest, which is %d.", revision, p.Revision)
	}
	out.Product = id
	return out, nil
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
		entity := map[string]string{"Type": containerProductType, "Identifier": change.Product}
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
	s.Status = "SUCCEEDED"
	for i := range s.Changes {
		c := &s.Changes[i]
		if kind, ok := changeTypes[c.Type]; ok && kind.apply != nil && s.Token != "" {
			c.Errors = kind.apply(w, w.catalog.products[c.Product], c.Details)
		}
		if len(c.Errors) > 0 {
			s.Status, s.FailureCode, s.Description = "FAILED", "CLIENT_ERROR", "Change set failed due to errors in the request."
		}
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

// pageOfSets is how many change sets an answer holds; AWS's limit is 20.
const pageOfSets = 20

func (w *World) listChangeSets(c *call) (any, *fault) {
	var in struct {
		Catalog    string
		FilterList []struct {
			Name      string
			ValueList []string
		}
		MaxResults *int
		NextToken  *string
		Sort       *struct{ SortBy, SortOrder string }
	}
	if err := strictly(c.body, &in); err != nil {
		return nil, invalidCall("%v", err)
	}
	if in.Catalog != catalogName {
		return nil, invalidCall("Catalog %q is not supported.", in.Catalog)
	}
	if in.MaxResults != nil && (*in.MaxResults < 1 || *in.MaxResults > 20) {
		return nil, invalidCall("Value at 'maxResults' failed to satisfy constraint: 1 to 20")
	}
	if f := w.permits(c, "*", nil); f != nil {
		return nil, f
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	all := []any{}
	sets := slices.Clone(w.catalog.sets) // in which order AWS lists them by default is not said
	if in.Sort != nil {
		if in.Sort.SortBy != "StartTime" && in.Sort.SortBy != "EndTime" || in.Sort.SortOrder != "ASCENDING" && in.Sort.SortOrder != "DESCENDING" {
			return nil, invalidCall("Sort %+v is not supported.", *in.Sort)
		}
		if in.Sort.SortOrder == "DESCENDING" {
			slices.Reverse(sets)
		}
	}
	for _, s := range sets {
		if s.Account != c.account {
			continue
		}
		match := true
		for _, f := range in.FilterList {
			has := func(v string) bool { return slices.Contains(f.ValueList, v) }
			switch f.Name {
			case "EntityId":
				match = match && slices.ContainsFunc(s.Products, has)
			case "Status":
				match = match && has(s.Status)
			case "ChangeSetName":
				match = match && has(s.Name)
			default:
				return nil, invalidCall("no fake for the filter %s", f.Name)
			}
		}
		if !match {
			continue
		}
		item := s.reference()
		item["ChangeSetName"], item["Status"], item["StartTime"], item["EntityIdList"] = s.Name, s.Status, s.Started.UTC().Format(time.RFC3339), s.Products
		if s.FailureCode != "" {
			item["FailureCode"] = s.FailureCode
		}
		all = append(all, item)
	}
	return pageOf(all, in.MaxResults, in.NextToken, "ChangeSetSummaryList")
}

// pageOf is one page of a list.
func pageOf(all []any, size *int, next *string, name string) (any, *fault) {
	n, from := pageOfSets, 0
	if size != nil {
		n = *size
	}
	if next != nil {
		if _, err := fmt.Sscanf(*next, "from-%d", &from); err != nil || from > len(all) {
			return nil, invalidCall("NextToken is not valid.")
		}
	}
	to := min(from+n, len(all))
	out := map[string]any{name: all[from:to]}
	if to < len(all) {
		out["NextToken"] = fmt.Sprintf("from-%d", to)
	}
	return out, nil
}
