package marketplace

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"glue-connector/internal/connector"
)

// Change is one change of a change set, as data.
type Change struct {
	Type string // AddDeliveryOptions, ...
	// Name lets later changes of the set speak of this one, "" for none.
	Name string
	// Product is the id of the entity, or a reference such as
	// $CreateProduct.Entity.Identifier; "" for a product that is to be created.
	Product string
	// Details becomes the DetailsDocument; its form in JSON is AWS's.
	Details any
}

// ChangeSet is a set of changes that belong together.
type ChangeSet struct {
	// Title says in a word to people what the set is, such as a version's title.
	Title   string
	Changes []Change
	// Salt is what makes the set this one besides its changes: the digests of images.
	Salt string
	// Once tells that the set has done all it ever can when it has succeeded once,
	// as one that adds something that nobody can take away.
	Once bool
}

// The documents of AddDeliveryOptions for ContainerProduct@1.0:
// https://docs.aws.amazon.com/marketplace/latest/developerguide/work-with-container-products.html
type (
	addDeliveryOptions struct {
		Version         versionDetails
		DeliveryOptions []optionDetails
	}
	versionDetails struct {
		VersionTitle string
		ReleaseNotes string
	}
	optionDetails struct {
		DeliveryOptionTitle string
		Details             struct{ EcrDeliveryOptionDetails ecrDetails }
	}
	ecrDetails struct {
		ContainerImages     []string
		DeploymentResources []resourceDetails `json:",omitempty"`
		CompatibleServices  []string
		Description         string
		UsageInstructions   string
	}
	resourceDetails struct{ Name, Url string }
)

// AddVersion is the change set that adds a version. Digests are those of its
// images, in the order of the delivery options.
func AddVersion(l *connector.Listing, digests []string) ChangeSet {
	doc := addDeliveryOptions{Version: versionDetails{l.Title, l.Notes}}
	for _, o := range l.Options {
		d := optionDetails{DeliveryOptionTitle: o.Title}
		d.Details.EcrDeliveryOptionDetails = ecrDetails{
			ContainerImages: o.Images, CompatibleServices: o.Services, Description: o.Description, UsageInstructions: o.Instructions,
		}
		for _, r := range o.Resources {
			d.Details.EcrDeliveryOptionDetails.DeploymentResources = append(d.Details.EcrDeliveryOptionDetails.DeploymentResources, resourceDetails{r.Name, r.URL})
		}
		doc.DeliveryOptions = append(doc.DeliveryOptions, d)
	}
	return ChangeSet{
		Title: l.Title, Salt: strings.Join(digests, " "), Once: true,
		Changes: []Change{{Type: "AddDeliveryOptions", Product: l.Product, Details: doc}},
	}
}

// Key identifies a change set by all it does: 32 hexadecimal digits.
func (s ChangeSet) Key() string {
	b, err := json.Marshal([]any{s.Changes, s.Salt})
	if err != nil {
		panic(err) // details are plain structs
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

var notInName = regexp.MustCompile(`[^A-Za-z0-9_+=.:@-]+`)

// Name is the change set's name: for people, and to find it again. It keeps to the
// 100 characters and the grammar of ChangeSetName.
func (s ChangeSet) Name() string { return prefix(s.Title) + s.Key() }

// prefix is what the names of all change sets of a title begin with.
func prefix(title string) string {
	title = strings.Trim(notInName.ReplaceAllString(title, " "), " ")
	const most = 100 - len("glue-connector  ") - 32
	if len(title) > most {
		title = strings.TrimRight(title[:most], " ")
	}
	return strings.Join(strings.Fields("glue-connector "+title), " ") + " "
}

// Token is the ClientRequestToken of an attempt, which count from 1.
func (s ChangeSet) Token(attempt int) string { return s.Key() + "-" + strconv.Itoa(attempt) }

// product is the one that the set is about: that of its first change.
func (s ChangeSet) product() string {
	if len(s.Changes) == 0 {
		return ""
	}
	return s.Changes[0].Product
}

// Request is the body of StartChangeSet, indented, as it is sent.
func (s ChangeSet) Request(attempt int) ([]byte, error) {
	type entity struct {
		Type       string
		Identifier string `json:",omitempty"`
	}
	type change struct {
		ChangeType      string
		ChangeName      string `json:",omitempty"`
		Entity          entity
		DetailsDocument any
	}
	r := struct {
		Catalog            string
		ChangeSetName      string
		ClientRequestToken string
		ChangeSet          []change
	}{Catalog: catalog, ChangeSetName: s.Name(), ClientRequestToken: s.Token(attempt)}
	for _, c := range s.Changes {
		r.ChangeSet = append(r.ChangeSet, change{c.Type, c.Name, entity{connector.ContainerProduct, c.Product}, c.Details})
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(r)
	return []byte(b.String()), err
}
