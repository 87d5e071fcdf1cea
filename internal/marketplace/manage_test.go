package marketplace

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/connector"
	"glue-connector/internal/fake"
)

const optionID = "00000001-0000-4000-8000-000000000001"

// released is a world in which the product has a version.
func released(t *testing.T, visibility string) (*fake.World, *Client) {
	t.Helper()
	w, c := newWorld(t)
	w.CreateProduct(fake.Product{ID: productID, Title: "Demo", Visibility: visibility, Repositories: []string{repository}, Versions: []fake.ProductVersion{
		{ID: "v1", Title: "1.0.0", Notes: "n", Options: []fake.DeliveryOption{{ID: optionID, Title: "Activate", Description: "d", Instructions: "u", Visibility: visibility, Images: []string{repository + ":1.0.0"}}}},
		{ID: "v2", Title: "2.0.0", Notes: "n", Options: []fake.DeliveryOption{{ID: strings.Replace(optionID, "1", "2", 1), Title: "Activate", Description: "d", Instructions: "u", Visibility: visibility}}}}})
	return w, c
}

// The documents are AWS's, and have nothing but what is to be changed.
func TestDocuments(t *testing.T) {
	for name, tt := range map[string]struct {
		set  ChangeSet
		want string
	}{
		"instructions": {UpdateVersion(Update{Product: productID, Title: "1", Options: []OptionUpdate{{ID: "a", Instructions: "u"}}}).Set,
			`[{"DeliveryOptions":[{"Id":"a","Details":{"EcrDeliveryOptionDetails":{"UsageInstructions":"u"}}}]}]`},
		"notes": {UpdateVersion(Update{Product: productID, Title: "1", Notes: "n", Options: []OptionUpdate{{ID: "a"}}}).Set,
			`[{"Version":{"ReleaseNotes":"n"},"DeliveryOptions":[{"Id":"a"}]}]`},
		"restrict":   {Restrict(productID, "1", []string{"a", "b"}).Set, `[{"DeliveryOptionIds":["a","b"]}]`},
		"release":    {Release(productID).Set, `[{}]`},
		"show":       {Show(productID, "Public").Set, `[{"TargetVisibility":"Public"}]`},
		"repository": {AddRepositories(productID, []string{"a"}).Set, `[{"Repositories":[{"RepositoryName":"a","RepositoryType":"ECR"}]}]`},
		"create": {CreateProduct(Information{ProductTitle: "T", Highlights: []string{"h"}, AdditionalResources: []Resource{}}, []string{"a"}),
			`[{"ProductTitle":"T"},{"ProductTitle":"T","ShortDescription":"","LongDescription":"","LogoUrl":"","Highlights":["h"],"AdditionalResources":[],"SupportDescription":"","Categories":null,"SearchKeywords":null},{"Repositories":[{"RepositoryName":"a","RepositoryType":"ECR"}]}]`},
	} {
		var docs []any
		for _, c := range tt.set.Changes {
			docs = append(docs, c.Details)
		}
		if b, err := json.Marshal(docs); err != nil || string(b) != tt.want {
			t.Errorf("%s: %s, %v", name, b, err)
		}
	}
}

// A text can be changed there and back and there again: each is a change set of its
// own, and none is made twice.
func TestUpdateThereAndBack(t *testing.T) {
	w, c := released(t, "Public")
	for i, notes := range []string{"a", "b", "a", "b"} {
		task := UpdateVersion(Update{Product: productID, Title: "1.0.0", Notes: notes, Options: []OptionUpdate{{ID: optionID}}})
		for range 2 {
			if r, err := c.Do(t.Context(), task, waiting); err != nil || r.State != Done {
				t.Fatalf("%+v, %v", r, err)
			}
		}
		p, _ := w.Product(productID)
		if n := len(w.ChangeSets()); n != i+1 || p.Versions[0].Notes != notes {
			t.Errorf("%d change sets, notes %s", n, p.Versions[0].Notes)
		}
	}
}

// AWS may show a text later than it ends the change set, or in its own way: what was
// the last change of the product is not made again.
func TestUpdateNotShownYet(t *testing.T) {
	w, c := released(t, "Public")
	task := UpdateVersion(Update{Product: productID, Title: "1.0.0", Notes: "a", Options: []OptionUpdate{{ID: optionID}}})
	if _, err := c.Do(t.Context(), task, waiting); err != nil {
		t.Fatal(err)
	}
	stale := task
	stale.Done = func(*connector.Product) bool { return false }
	if r, err := c.Do(t.Context(), stale, waiting); err != nil || !r.Existed || len(w.ChangeSets()) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	other := UpdateVersion(Update{Product: productID, Title: "1.0.0", Notes: "b", Options: []OptionUpdate{{ID: optionID}}})
	if _, err := c.Do(t.Context(), other, waiting); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Do(t.Context(), stale, waiting); err != nil || r.Existed || len(w.ChangeSets()) != 3 {
		t.Errorf("after another change: %+v, %v", r, err)
	}
}

// What ends well, and what AWS refuses.
func TestTasks(t *testing.T) {
	for name, tt := range map[string]struct {
		visibility string
		task       Task
		want       string // in the error, "" for none
	}{
		"restrict":         {"Public", Restrict(productID, "1.0.0", []string{optionID}), ""},
		"restrict limited": {"Limited", Restrict(productID, "1.0.0", []string{optionID}), "INCOMPATIBLE_PRODUCT_STATUS"},
		"public":           {"Limited", Show(productID, "Public"), ""},
		"draft to public":  {"Draft", Show(productID, "Public"), "ValidationException"},
		"release":          {"Draft", Release(productID), "VALIDATION_FAILED"}, // it has no texts
		"released":         {"Limited", Release(productID), ""},
		"repositories":     {"Public", AddRepositories(productID, []string{"new"}), ""},
		"no product":       {"Public", Release("prod-nothere00000"), "does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := released(t, tt.visibility)
			_, err := c.Do(t.Context(), tt.task, waiting)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Fatal(err)
			}
			if plan, err := c.Preview(t.Context(), tt.task); tt.want == "" && (err != nil || !plan.Existed) {
				t.Errorf("%+v, %v", plan, err)
			}
		})
	}
}

func demoSet() ChangeSet {
	return CreateProduct(Information{ProductTitle: "New", ShortDescription: "s", LongDescription: "l", LogoUrl: "https://my-company.s3.amazonaws.com/logo.png", Highlights: []string{"h"},
		AdditionalResources: []Resource{}, SupportDescription: "s", Categories: []string{"Databases"}, SearchKeywords: []string{"k"}}, []string{"new"})
}

// A product is created once, whatever happens to the answers.
func TestCreate(t *testing.T) {
	w, c := newWorld(t)
	lost := false
	w.Intercept(func(r *http.Request) http.Handler {
		if r.URL.Path != "/StartChangeSet" || lost {
			return nil
		}
		lost = true
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			w.ServeHTTP(nowhere{}, r)
			panic(http.ErrAbortHandler)
		})
	})
	w.SlowChangeSets(1, 1)
	var ids []string
	for range 2 {
		r, p, err := c.Create(context.Background(), demoSet(), waiting)
		if err != nil || p == nil || r.State != Done {
			t.Fatalf("%+v, %+v, %v", r, p, err)
		}
		ids = append(ids, p.ID)
	}
	if ids[0] != ids[1] || len(w.Products()) != 2 || len(w.ChangeSets()) != 1 {
		t.Errorf("%q, products %q, %d change sets", ids, w.Products(), len(w.ChangeSets()))
	}
	// Other texts are another change set, but the title is taken: by this very product.
	other := demoSet()
	other.Salt = "x"
	if r, p, err := c.Create(context.Background(), other, waiting); err != nil || !r.Existed || p.ID != ids[0] {
		t.Errorf("%+v, %v", r, err)
	}
	if diff := cmp.Diff([]string{"709825985650.dkr.ecr.us-east-1.amazonaws.com/my-company/new"}, mustProduct(t, c, ids[0]).Repositories); diff != "" {
		t.Error(diff)
	}
}

func mustProduct(t *testing.T, c *Client, id string) *connector.Product {
	t.Helper()
	p, err := c.Product(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// nowhere takes an answer that is lost.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}
