package fake

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
)

// The shapes of the change types that change what is there, as in
// https://github.com/awslabs/aws-marketplace-catalog-api-shapes-for-python.
type (
	updateDeliveryOptions struct {
		Version *struct {
			VersionTitle *string
			ReleaseNotes *string
		}
		DeliveryOptions []updatedOption
	}
	updatedOption struct {
		Id      string
		Details *struct {
			EcrDeliveryOptionDetails *struct {
				Description         *string
				UsageInstructions   *string
				ContainerImages     []string
				CompatibleServices  []string
				DeploymentResources []struct{ Name, Url string }
				DeliveryOptionTitle *string
			}
		}
	}
	restrictDeliveryOptions struct{ DeliveryOptionIds []string }
	releaseProduct          struct{}
	updateVisibility        struct {
		TargetVisibility     string
		ReplacementProductId *string
	}
)

var optionID = regexp.MustCompile(`^[a-f0-9]{8}(-[a-f0-9]{4}){4}[a-f0-9]{8}$`)

func (d updateDeliveryOptions) required() error {
	if len(d.DeliveryOptions) > 4 {
		return fmt.Errorf("#/DeliveryOptions: expected maximum item count: 4")
	}
	for i, o := range d.DeliveryOptions {
		if !optionID.MatchString(o.Id) {
			return fmt.Errorf("#/DeliveryOptions/%d/Id: string does not match pattern %s", i, optionID)
		}
		if o.Details == nil || o.Details.EcrDeliveryOptionDetails == nil {
			continue
		}
		e := o.Details.EcrDeliveryOptionDetails
		if err := texts("#/DeliveryOptions", text{e.Description, 1000}, text{e.UsageInstructions, 4000}, text{e.DeliveryOptionTitle, 72}); err != nil {
			return err
		}
	}
	if d.Version == nil {
		return nil
	}
	return texts("#/Version", text{d.Version.VersionTitle, 64}, text{d.Version.ReleaseNotes, 30000})
}

// text is one with the length of the service's schema, in characters.
type text struct {
	value *string
	most  int
}

// texts holds them to what the schema asks of all: no blank at the beginning.
func texts(path string, all ...text) error {
	for _, t := range all {
		switch {
		case t.value == nil:
		case len([]rune(*t.value)) > t.most:
			return fmt.Errorf("%s: expected maxLength: %d, actual: %d", path, t.most, len([]rune(*t.value)))
		case !regexp.MustCompile(`^\S`).MatchString(*t.value):
			return fmt.Errorf("%s: string [%s] does not match pattern ^\\S+[\\S\\s]*", path, *t.value)
		}
	}
	return nil
}

func (d restrictDeliveryOptions) required() error {
	if n := len(d.DeliveryOptionIds); n < 1 || n > 50 {
		return fmt.Errorf("#/DeliveryOptionIds: expected 1 to 50 items, found: %d", n)
	}
	for _, id := range d.DeliveryOptionIds {
		if len(id) > 36 {
			return fmt.Errorf("#/DeliveryOptionIds: expected maxLength: 36, actual: %d", len(id))
		}
	}
	return nil
}

func (releaseProduct) required() error { return nil }

func (d updateVisibility) required() error {
	if !slices.Contains([]string{"Public", "Limited", "Restricted"}, d.TargetVisibility) {
		return fmt.Errorf("#/TargetVisibility: %q is not a valid enum value", d.TargetVisibility)
	}
	return nil
}

// targetIsNew is what the service validates when the change set is started.
func targetIsNew(p *Product, document []byte) error {
	var d updateVisibility
	if err := json.Unmarshal(document, &d); err != nil {
		return err
	}
	switch {
	case d.TargetVisibility == p.Visibility, p.Visibility == "Draft":
		return fmt.Errorf("product %s is %s, which is not valid for the target visibility %s", p.ID, p.Visibility, d.TargetVisibility)
	case d.ReplacementProductId != nil && d.TargetVisibility != "Restricted":
		return fmt.Errorf("replacement product ID is only valid when restricting a product")
	}
	return nil
}

// options finds delivery options by their ids, and the versions that have them.
func (p *Product) options(ids []string, fs *faults) (found []*DeliveryOption, versions []*ProductVersion) {
	fs.add(len(ids) == 0, "EMPTY_DELIVERY_OPTION_IDS", "Provide non-empty list of delivery option IDs.")
	for i, id := range ids {
		fs.add(slices.Contains(ids[:i], id), "DUPLICATE_DELIVERY_OPTION_IDS", "Duplicate delivery option IDs: [%s]. Provide unique delivery option IDs.", id)
		n := len(found)
		for v := range p.Versions {
			for o := range p.Versions[v].Options {
				if option := &p.Versions[v].Options[o]; option.ID == id {
					found = append(found, option)
					if !slices.Contains(versions, &p.Versions[v]) {
						versions = append(versions, &p.Versions[v])
					}
				}
			}
		}
		fs.add(len(found) == n, "MISSING_DELIVERY_OPTION_IDS", "Provide delivery option from existing list of IDs.")
	}
	return found, versions
}

func (w *World) updateDeliveryOptions(p *Product, document []byte) []CatalogError {
	var d updateDeliveryOptions
	if err := json.Unmarshal(document, &d); err != nil {
		return []CatalogError{{"INVALID_DETAILS", err.Error()}}
	}
	if p.Visibility != "Limited" && p.Visibility != "Public" {
		return faults{{"INCOMPATIBLE_PRODUCT_STATUS", "Use an existing limited or public product."}}
	}
	var fs faults
	var ids []string
	for _, o := range d.DeliveryOptions {
		ids = append(ids, o.Id)
	}
	found, versions := p.options(ids, &fs)
	fs.add(len(versions) > 1, "MULTIPLE_VERSION_UPDATE", "Provide delivery option IDs from the same version.")
	if len(fs) > 0 {
		return fs
	}
	before, _ := json.Marshal(p.Versions)
	if d.Version != nil {
		fs.add(d.Version.VersionTitle != nil && p.Visibility == "Public", "FIELD_NOT_ALLOWED_TO_CHANGE", "Field VersionTitle cannot be changed.")
		if n := d.Version.ReleaseNotes; n != nil {
			fs.add(odd(*n), "INVALID_RELEASE_NOTES", "Remove unsupported characters: [x, y, z]")
			versions[0].Notes = *n
		}
		if t := d.Version.VersionTitle; t != nil {
			versions[0].Title = *t
		}
	}
	for i, o := range d.DeliveryOptions {
		p.updateOption(found[i], o, &fs)
	}
	after, _ := json.Marshal(p.Versions)
	fs.add(len(fs) == 0 && string(before) == string(after), "NO_CHANGE_FOUND", "Provide at least 1 change.")
	p.Revision++
	return fs
}

func (p *Product) updateOption(have *DeliveryOption, o updatedOption, fs *faults) {
	fs.add(have.Visibility != "Limited" && have.Visibility != "Public", "INVALID_DELIVERY_OPTIONS_STATUS",
		"The delivery option IDs [%s] are invalid. Provide delivery options in the limited or public state.", o.Id)
	if o.Details == nil || o.Details.EcrDeliveryOptionDetails == nil {
		return
	}
	e := o.Details.EcrDeliveryOptionDetails
	fs.add(p.Visibility == "Public" && (len(e.ContainerImages) > 0 || e.DeploymentResources != nil || e.DeliveryOptionTitle != nil),
		"FIELD_NOT_ALLOWED_TO_CHANGE", "Field ContainerImages cannot be changed.")
	if t := e.UsageInstructions; t != nil {
		fs.add(odd(*t), "INVALID_USAGE_INSTRUCTIONS", "Remove unsupported characters: [x, y, z]")
		fs.add(len(*t) >= 4000, "INVALID_USAGE_INSTRUCTIONS", "Provide usage instructions with fewer than (4000) characters.")
		have.Instructions = *t
	}
	if t := e.Description; t != nil {
		fs.add(len(*t) >= 1000 || odd(*t), "INVALID_SHORT_DESCRIPTION", "Provide a short description with fewer than 1,000 characters.")
		have.Description = *t
	}
	if e.CompatibleServices != nil {
		have.Services = e.CompatibleServices
	}
}

func (w *World) restrictDeliveryOptions(p *Product, document []byte) []CatalogError {
	var d restrictDeliveryOptions
	if err := json.Unmarshal(document, &d); err != nil {
		return []CatalogError{{"INVALID_DETAILS", err.Error()}}
	}
	if p.Visibility != "Public" {
		return faults{{"INCOMPATIBLE_PRODUCT_STATUS", "Use a public product."}}
	}
	var fs faults
	found, _ := p.options(d.DeliveryOptionIds, &fs)
	for _, o := range found {
		fs.add(o.Visibility != "Public", "INVALID_DELIVERY_OPTIONS_STATUS", "The delivery option IDs [%s] are invalid. Provide delivery options in the public state.", o.ID)
		o.Visibility = "Restricted"
	}
	public := 0
	for _, v := range p.Versions {
		for _, o := range v.Options {
			if o.Visibility == "Public" {
				public++
			}
		}
	}
	fs.add(len(fs) == 0 && public == 0, "INVALID_MINIMUM_PUBLIC_DELIVERY_OPTIONS", "Cannot restrict all delivery option IDs.")
	p.Revision++
	return fs
}

func (w *World) releaseProduct(p *Product, _ []byte) []CatalogError {
	if p.Visibility != "Draft" {
		return faults{{"INCOMPATIBLE_PRODUCT_STATUS", "Use an existing draft product."}}
	}
	var fs faults
	fs.add(p.Title == "" || p.Information.ShortDescription == "", "VALIDATION_FAILED", "Provide Description information.")
	p.Visibility = "Limited"
	p.Revision++
	return fs
}

// updateVisibility is what the people of AWS have agreed to.
func (w *World) updateVisibility(p *Product, document []byte) []CatalogError {
	var d updateVisibility
	if err := json.Unmarshal(document, &d); err != nil {
		return []CatalogError{{"INVALID_TARGET_VISIBILITY", err.Error()}}
	}
	for v := range p.Versions {
		for o := range p.Versions[v].Options {
			if option := &p.Versions[v].Options[o]; option.Visibility == p.Visibility {
				option.Visibility = d.TargetVisibility
			}
		}
	}
	p.Visibility = d.TargetVisibility
	p.Revision++
	return nil
}
