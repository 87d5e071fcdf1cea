package marketplace

import (
	"encoding/json"

	"glue-connector/internal/connector"
)

// productDocument is what matters here of the document of a container product.
type productDocument struct {
	Description struct {
		ProductTitle string
		Visibility   string
	}
	Repositories []struct{ Url string }
	Versions     []struct {
		Id, VersionTitle, ReleaseNotes, CreationDate string
		Sources                                      []struct {
			Id     string
			Images []string
		}
		DeliveryOptions []struct {
			Id, SourceId, Title, ShortDescription, Visibility string
			Compatibility                                     struct{ AWSServices []string }
			Instructions                                      struct{ Usage string }
			Recommendations                                   struct {
				DeploymentResources []struct{ Name, Url string }
			}
		}
	}
}

func readProduct(raw []byte, p *connector.Product) error {
	var d productDocument
	if err := json.Unmarshal(raw, &d); err != nil {
		return err
	}
	p.Title, p.Visibility = d.Description.ProductTitle, d.Description.Visibility
	for _, r := range d.Repositories {
		p.Repositories = append(p.Repositories, r.Url)
	}
	for _, v := range d.Versions {
		images := map[string][]string{}
		for _, s := range v.Sources {
			images[s.Id] = s.Images
		}
		version := connector.ProductVersion{ID: v.Id, Title: v.VersionTitle, Notes: v.ReleaseNotes, Created: v.CreationDate}
		for _, o := range v.DeliveryOptions {
			option := connector.DeliveryOption{
				ID: o.Id, Title: o.Title, Description: o.ShortDescription, Instructions: o.Instructions.Usage,
				Images: images[o.SourceId], Services: o.Compatibility.AWSServices, Visibility: o.Visibility,
			}
			for _, r := range o.Recommendations.DeploymentResources {
				option.Resources = append(option.Resources, connector.DeploymentResource{Name: r.Name, URL: r.Url})
			}
			version.Options = append(version.Options, option)
		}
		p.Versions = append(p.Versions, version)
	}
	return nil
}
