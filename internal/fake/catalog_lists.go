package fake

import (
	"fmt"
	"slices"
	"time"
)

// pageOfSets is how many change sets an answer holds; AWS's limit is 20.
const pageOfSets = 20

// setFilter is a filter of ListChangeSets.
type setFilter struct {
	Name      string
	ValueList []string
}

func (f setFilter) matches(s *ChangeSet) (is, known bool) {
	has := func(v string) bool { return slices.Contains(f.ValueList, v) }
	switch f.Name {
	case "EntityId":
		return slices.ContainsFunc(s.Products, has), true
	case "Status":
		return has(s.Status), true
	case "ChangeSetName":
		return has(s.Name), true
	}
	return false, false
}

func (w *World) listChangeSets(c *call) (any, *fault) {
	var in struct {
		Catalog    string
		FilterList []setFilter
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
	sets := slices.Clone(w.catalog.sets) // in which order AWS lists them by default is not said
	if in.Sort != nil {
		if in.Sort.SortBy != "StartTime" && in.Sort.SortBy != "EndTime" || in.Sort.SortOrder != "ASCENDING" && in.Sort.SortOrder != "DESCENDING" {
			return nil, invalidCall("Sort %+v is not supported.", *in.Sort)
		}
		if in.Sort.SortOrder == "DESCENDING" {
			slices.Reverse(sets)
		}
	}
	all := []any{}
	for _, s := range sets {
		match := s.Account == c.account
		for _, f := range in.FilterList {
			is, known := f.matches(s)
			if !known {
				return nil, invalidCall("no fake for the filter %s", f.Name)
			}
			match = match && is
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
