package fake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// entity finds a product of the caller's. AWS says of another seller's what it says
// of one that does not exist.
func (w *World) entity(c *call, id string, keys map[string]string) (*Product, *fault) {
	if f := w.permits(c, entityARN(c.account, id), keys); f != nil {
		return nil, f
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.catalog.products[id]
	if p == nil || p.Account != c.account {
		return nil, notFoundEntity("Entity '%s' does not exist.", id)
	}
	return p, nil
}

func (w *World) describeEntity(c *call) (any, *fault) {
	q := c.URL.Query()
	id, _, _ := strings.Cut(q.Get("entityId"), "@")
	if q.Get("catalog") != catalogName || !entityID.MatchString(id) {
		return nil, invalidCall("catalog or entityId is missing or malformed")
	}
	p, f := w.entity(c, id, nil)
	if f != nil {
		return nil, f
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	document, err := json.Marshal(p.document())
	if err != nil {
		return nil, badRequest("InternalServiceException", "%v", err)
	}
	return map[string]any{
		"EntityType": containerProductType, "EntityIdentifier": fmt.Sprintf("%s@%d", p.ID, p.Revision), "EntityArn": entityARN(p.Account, p.ID),
		"LastModifiedDate": time.Now().UTC().Format(time.RFC3339), "Details": string(document), "DetailsDocument": json.RawMessage(document),
	}, nil
}

// document is the DetailsDocument of a container product.
func (p *Product) document() map[string]any {
	repositories, versions := []any{}, []any{}
	for _, r := range p.Repositories {
		repositories = append(repositories, map[string]string{"Url": r, "Type": "ECR"})
	}
	for _, v := range p.Versions {
		sources, options := []any{}, []any{}
		for _, o := range v.Options {
			source := o.ID + "-source"
			sources = append(sources, map[string]any{"Type": "DockerImages", "Id": source, "Images": o.Images, "Compatibility": map[string]string{"Platform": "Linux"}})
			resources := []any{}
			for _, r := range o.Resources {
				resources = append(resources, map[string]string{"Name": r.Name, "Url": r.URL})
			}
			options = append(options, map[string]any{
				"Id": o.ID, "Type": "ECR", "SourceId": source, "Title": o.Title, "ShortDescription": o.Description, "Visibility": o.Visibility,
				"isRecommended": false, "Compatibility": map[string]any{"AWSServices": o.Services},
				"Instructions": map[string]string{"Usage": o.Instructions}, "Recommendations": map[string]any{"DeploymentResources": resources},
			})
		}
		versions = append(versions, map[string]any{
			"Id": v.ID, "VersionTitle": v.Title, "ReleaseNotes": v.Notes, "CreationDate": v.Created.UTC().Format(time.RFC3339),
			"Sources": sources, "DeliveryOptions": options,
		})
	}
	i, more := p.Information, []any{}
	for _, r := range i.AdditionalResources {
		more = append(more, map[string]string{"Type": "Link", "Text": r.Name, "Url": r.URL})
	}
	return map[string]any{
		"Description": map[string]any{
			"ProductTitle": p.Title, "ProductCode": "0123456789abcdefexample", "Visibility": p.Visibility, "ProductState": p.Visibility,
			"ShortDescription": i.ShortDescription, "LongDescription": i.LongDescription, "Sku": i.Sku, "Highlights": i.Highlights,
			"SearchKeywords": i.SearchKeywords, "Categories": i.Categories,
		},
		"PromotionalResources": map[string]any{"LogoUrl": i.LogoURL, "AdditionalResources": more},
		"SupportInformation":   map[string]any{"Description": i.SupportDescription},
		"Repositories":         repositories, "Versions": versions,
	}
}

func (w *World) listEntities(c *call) (any, *fault) {
	var in struct {
		Catalog, EntityType string
		MaxResults          *int
		NextToken           *string
		OwnershipType       string
		EntityTypeFilters   *struct {
			ContainerProductFilters *struct {
				EntityId     *struct{ ValueList []string }
				ProductTitle *struct {
					ValueList     []string
					WildCardValue *string
				}
				Visibility *struct{ ValueList []string }
			}
		}
		FilterList []struct {
			Name      string
			ValueList []string
		}
	}
	if err := strictly(c.body, &in); err != nil {
		return nil, invalidCall("%v", err)
	}
	if in.Catalog != catalogName || in.EntityType != "ContainerProduct" {
		return nil, invalidCall("no fake for entities %s of %s", in.EntityType, in.Catalog)
	}
	if f := w.permits(c, "*", nil); f != nil {
		return nil, f
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []string
	for id, p := range w.catalog.products {
		match := p.Account == c.account
		if in.EntityTypeFilters != nil && in.EntityTypeFilters.ContainerProductFilters != nil {
			f := in.EntityTypeFilters.ContainerProductFilters
			match = match && (f.EntityId == nil || slices.Contains(f.EntityId.ValueList, id)) &&
				(f.ProductTitle == nil || slices.Contains(f.ProductTitle.ValueList, p.Title)) &&
				(f.Visibility == nil || slices.Contains(f.Visibility.ValueList, p.Visibility))
		}
		if match {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	all := []any{}
	for _, id := range ids {
		p := w.catalog.products[id]
		all = append(all, map[string]any{
			"EntityId": id, "EntityArn": entityARN(p.Account, id), "EntityType": "ContainerProduct", "Name": p.Title, "Visibility": p.Visibility,
			"ContainerProductSummary": map[string]string{"ProductTitle": p.Title, "Visibility": p.Visibility},
		})
	}
	return pageOf(all, in.MaxResults, in.NextToken, "EntitySummaryList")
}
