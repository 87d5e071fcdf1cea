package fake

import (
	"maps"
	"slices"
	"time"
)

// Product is a container product of AWS Marketplace.
type Product struct {
	ID    string
	Title string
	// Visibility is Draft, Limited, Public or Restricted.
	Visibility string
	// Account of the seller, the caller's if it is empty.
	Account string
	// Repositories are host and name, without a tag.
	Repositories []string
	Versions     []ProductVersion
	// Revision counts the changes.
	Revision int
	// Information is what buyers read of it.
	Information ProductInformation
}

// ProductInformation is what UpdateInformation sets, besides the title.
type ProductInformation struct {
	ShortDescription, LongDescription, Sku, LogoURL, SupportDescription string
	VideoURLs, Highlights, Categories, SearchKeywords                   []string
	AdditionalResources                                                 []DeploymentResource
}

// clone is a copy whose versions and options are its own.
func (p *Product) clone() *Product {
	out := *p
	out.Repositories, out.Versions = slices.Clone(p.Repositories), slices.Clone(p.Versions)
	for i := range out.Versions {
		out.Versions[i].Options = slices.Clone(out.Versions[i].Options)
	}
	return &out
}

// ProductVersion is a version that a product has.
type ProductVersion struct {
	ID, Title, Notes string
	Created          time.Time
	Options          []DeliveryOption
}

// DeliveryOption is one of the ways to get a version.
type DeliveryOption struct {
	ID, Title, Description, Instructions, Visibility string
	Images                                           []string
	// Digests are those that the images had when they were scanned.
	Digests   []string
	Services  []string
	Resources []DeploymentResource
}

// DeploymentResource is a link of a delivery option.
type DeploymentResource struct{ Name, URL string }

// ChangeSet is a change set that was started.
type ChangeSet struct {
	ID, Name, Token  string
	Account          string
	Status           string
	FailureCode      string
	Description      string // of the failure
	Products         []string
	Started, Ended   time.Time
	Changes          []CatalogChange
	request          string // the body, to tell a repetition from another one
	polls            int
	preparing, apply int // polls that it spends in each state
	end              *ChangeSetEnd
}

// CatalogChange is one change of a set.
type CatalogChange struct {
	Type, Name, Product string
	Details             []byte // JSON
	Errors              []CatalogError
}

// CatalogError is an entry of ErrorDetailList.
type CatalogError struct {
	Code    string `json:"ErrorCode"`
	Message string `json:"ErrorMessage"`
}

// ChangeSetEnd is how a change set ends, whatever its changes are.
type ChangeSetEnd struct {
	// Status is FAILED or CANCELLED.
	Status      string
	FailureCode string // CLIENT_ERROR or SERVER_FAULT
	Description string
	Errors      []CatalogError
}

// catalog is the state of AWS Marketplace.
type catalog struct {
	products         map[string]*Product
	sets             []*ChangeSet // in order of their start
	preparing, apply int
	ends             []ChangeSetEnd // of those that are started next
	ids              int
}

// CreateProduct makes a product, and its repositories in ECR if there are none.
func (w *World) CreateProduct(p Product) {
	for _, name := range p.Repositories {
		host, repository, _ := cutName(name)
		w.ensure(host, repository)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if p.Account == "" {
		p.Account = w.caller
	}
	if p.Revision == 0 {
		p.Revision = 1
	}
	w.catalog.products[p.ID] = &p
}

// Product returns what a product is by now; its lists are copies.
func (w *World) Product(id string) (p Product, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	have := w.catalog.products[id]
	if have == nil {
		return p, false
	}
	p = *have
	p.Versions, p.Repositories = slices.Clone(p.Versions), slices.Clone(p.Repositories)
	return p, true
}

// Products returns the ids of all products, sorted.
func (w *World) Products() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(maps.Keys(w.catalog.products))
}

// ChangeSets returns all change sets, in the order in which they were started.
func (w *World) ChangeSets() (all []ChangeSet) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.catalog.sets {
		all = append(all, *s)
	}
	return all
}

// SlowChangeSets makes those that are started from now on take so many polls, by
// DescribeChangeSet, in PREPARING and in APPLYING. Without it they end with the first.
func (w *World) SlowChangeSets(preparing, applying int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.catalog.preparing, w.catalog.apply = preparing, applying
}

// EndChangeSet makes the next change set that is started end so.
func (w *World) EndChangeSet(end ChangeSetEnd) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.catalog.ends = append(w.catalog.ends, end)
}

// StartElsewhere starts a change set of somebody else on a product, which takes so
// many polls and changes nothing.
func (w *World) StartElsewhere(product string, polls int) (id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &ChangeSet{
		ID: w.catalog.nextID(), Name: "edited in the portal", Account: w.caller, Status: "PREPARING", Products: []string{product},
		Started: time.Now(), Changes: []CatalogChange{{Type: "UpdateInformation", Product: product, Details: []byte("{}")}}, preparing: polls,
	}
	w.catalog.sets = append(w.catalog.sets, s)
	return s.ID
}
