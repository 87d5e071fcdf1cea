package fake_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/document"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"
	"github.com/aws/smithy-go"

	"glue-connector/internal/fake"
)

const marketName = "709825985650.dkr.ecr.us-east-1.amazonaws.com/seller/repo"

// market is a world with a product, and an image in its repository.
func market(t *testing.T) (*fake.World, *marketplacecatalog.Client) {
	t.Helper()
	w := newWorld(t)
	w.CreateProduct(fake.Product{ID: "prod-1", Title: "Demo", Visibility: "Public", Repositories: []string{marketName}})
	w.CreateProduct(fake.Product{ID: "prod-draft", Visibility: "Draft", Repositories: []string{marketName}})
	w.CreateProduct(fake.Product{ID: "prod-others", Visibility: "Public", Account: "999999999999"})
	host, name, _ := strings.Cut(marketName, "/")
	w.PutManifest(host, name, "1.1", "application/vnd.docker.distribution.manifest.v2+json", []byte(`{"layers":[{"digest":"sha256:0"}]}`))
	return w, marketplacecatalog.NewFromConfig(awsConfig(t, w))
}

// version is the document of AWS's guide, with something else in it.
func version(changes ...func(doc, option map[string]any)) map[string]any {
	option := map[string]any{
		"ContainerImages": []any{marketName + ":1.1"}, "CompatibleServices": []any{"ECS"}, "Description": "d", "UsageInstructions": "u",
		"DeploymentResources": []any{map[string]any{"Name": "n", "Url": "https://example.com"}},
	}
	doc := map[string]any{
		"Version":         map[string]any{"VersionTitle": "1.1", "ReleaseNotes": "Minor bug fix"},
		"DeliveryOptions": []any{map[string]any{"DeliveryOptionTitle": "Activate", "Details": map[string]any{"EcrDeliveryOptionDetails": option}}},
	}
	for _, change := range changes {
		change(doc, option)
	}
	return doc
}

func start(c *marketplacecatalog.Client, product, token string, doc any) (string, error) {
	out, err := c.StartChangeSet(context.Background(), &marketplacecatalog.StartChangeSetInput{
		Catalog: aws.String("AWSMarketplace"), ClientRequestToken: aws.String(token),
		ChangeSet: []types.Change{{ChangeType: aws.String("AddDeliveryOptions"), DetailsDocument: document.NewLazyDocument(doc),
			Entity: &types.Entity{Type: aws.String("ContainerProduct@1.0"), Identifier: aws.String(product)}}},
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.ChangeSetId), nil
}

// code is that of the service's refusal.
func code(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return fmt.Sprint(err)
}

func poll(t *testing.T, c *marketplacecatalog.Client, id string) *marketplacecatalog.DescribeChangeSetOutput {
	t.Helper()
	out, err := c.DescribeChangeSet(context.Background(), &marketplacecatalog.DescribeChangeSetInput{Catalog: aws.String("AWSMarketplace"), ChangeSetId: aws.String(id)})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What the schema does not take is refused at once.
func TestCatalogShapes(t *testing.T) {
	w, c := market(t)
	for name, tt := range map[string]struct {
		product, token string
		doc            any
		want           string
	}{
		"unknown member":   {"prod-1", "t", version(func(doc, _ map[string]any) { doc["x"] = 1 }), "ValidationException"},
		"unknown deep":     {"prod-1", "t", version(func(_, o map[string]any) { o["x"] = 1 }), "ValidationException"},
		"wrong type":       {"prod-1", "t", version(func(_, o map[string]any) { o["ContainerImages"] = "a" }), "ValidationException"},
		"no version":       {"prod-1", "t", version(func(doc, _ map[string]any) { delete(doc, "Version") }), "ValidationException"},
		"no options":       {"prod-1", "t", version(func(doc, _ map[string]any) { doc["DeliveryOptions"] = []any{} }), "ValidationException"},
		"token":            {"prod-1", strings.Repeat("t", 65), version(), "ValidationException"},
		"no product":       {"prod-2", "t", version(), "ResourceNotFoundException"},
		"another seller's": {"prod-others", "t", version(), "ResourceNotFoundException"},
		"stale revision":   {"prod-1@7", "t", version(), "ValidationException"},
	} {
		if _, err := start(c, tt.product, tt.token, tt.doc); code(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	elsewhere := marketplacecatalog.NewFromConfig(awsConfig(t, w), func(o *marketplacecatalog.Options) { o.Region = "eu-west-1" })
	if _, err := start(elsewhere, "prod-1", "t", version()); code(err) != "InvalidSignatureException" {
		t.Errorf("another region: %v", err)
	}
	if n := len(w.ChangeSets()); n > 0 {
		t.Errorf("%d change sets", n)
	}
}

// What it takes and AWS refuses after hours ends the change set, with AWS's codes.
func TestCatalogFailures(t *testing.T) {
	set := func(key string, v any) func(doc, o map[string]any) { return func(_, o map[string]any) { o[key] = v } }
	title := func(s string) func(doc, o map[string]any) {
		return func(doc, _ map[string]any) { doc["Version"].(map[string]any)["VersionTitle"] = s }
	}
	for want, tt := range map[string]struct {
		product string
		change  func(doc, o map[string]any)
	}{
		"INCOMPATIBLE_PRODUCT_STATUS":        {"prod-draft", title("a")},
		"INVALID_VERSION_TITLE":              {"prod-1", title(strings.Repeat("x", 65))},
		"INVALID_SHORT_DESCRIPTION":          {"prod-1", set("Description", "\u00e9")},
		"INVALID_USAGE_INSTRUCTIONS":         {"prod-1", set("UsageInstructions", strings.Repeat("x", 4000))},
		"INCOMPATIBLE_SERVICES":              {"prod-1", set("CompatibleServices", []any{"Glue"})},
		"NO_SERVICE_SPECIFIED":               {"prod-1", set("CompatibleServices", []any{})},
		"INVALID_CONTAINER_IMAGE_URI":        {"prod-1", set("ContainerImages", []any{"docker.io/library/x:1"})},
		"INVALID_CONTAINER_IMAGE_REPOSITORY": {"prod-1", set("ContainerImages", []any{marketName + "2:1.1"})},
		"INVALID_CONTAINER_IMAGE_TAG":        {"prod-1", set("ContainerImages", []any{marketName + ":latest"})},
		"IMAGE_NOT_FOUND":                    {"prod-1", set("ContainerImages", []any{marketName + ":1.2"})},
		"MISSING_CONTAINER_IMAGES":           {"prod-1", set("ContainerImages", []any{})},
		"INVALID_RESOURCE_NAME":              {"prod-1", set("DeploymentResources", []any{map[string]any{"Name": strings.Repeat("n", 256), "Url": "u"}})},
	} {
		t.Run(want, func(t *testing.T) {
			w, c := market(t)
			id, err := start(c, tt.product, "t", version(tt.change))
			if err != nil {
				t.Fatal(err)
			}
			out := poll(t, c, id)
			codes := []string{}
			for _, e := range out.ChangeSet[0].ErrorDetailList {
				codes = append(codes, *e.ErrorCode)
			}
			if out.Status != "FAILED" || out.FailureCode != "CLIENT_ERROR" || !slices.Equal(codes, []string{want}) {
				t.Errorf("%s %s %q", out.Status, out.FailureCode, codes)
			}
			if p, _ := w.Product(tt.product); len(p.Versions) > 0 {
				t.Errorf("versions %+v", p.Versions)
			}
		})
	}
}

// A change set locks its product, is known by its token, and gives the version the
// image that the tag has when it is scanned.
func TestCatalogChangeSets(t *testing.T) {
	w, c := market(t)
	w.SlowChangeSets(1, 1)
	id, err := start(c, "prod-1", "t", version())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := start(c, "prod-1", "t", version()); again != id || err != nil {
		t.Errorf("the same again: %s, %v", again, err)
	}
	if _, err := start(c, "prod-1", "t", version(func(_, o map[string]any) { o["Description"] = "e" })); code(err) != "ValidationException" {
		t.Errorf("another one by the same token: %v", err)
	}
	poll(t, c, id)
	if _, err := start(c, "prod-1", "t2", version()); code(err) != "ResourceInUseException" {
		t.Errorf("a locked product: %v", err)
	}
	if _, err := c.CancelChangeSet(context.Background(), &marketplacecatalog.CancelChangeSetInput{Catalog: aws.String("AWSMarketplace"), ChangeSetId: &id}); code(err) != "ResourceInUseException" {
		t.Errorf("cancelling what applies: %v", err)
	}
	host, name, _ := strings.Cut(marketName, "/")
	digest := w.PutManifest(host, name, "1.1", "application/vnd.docker.distribution.manifest.v2+json", []byte(`{"layers":[{"digest":"sha256:1"}]}`))
	if out := poll(t, c, id); out.Status != "SUCCEEDED" || *out.ChangeSet[0].Entity.Identifier != "prod-1@2" {
		t.Errorf("%s of %s", out.Status, *out.ChangeSet[0].Entity.Identifier)
	}
	p, _ := w.Product("prod-1")
	if len(p.Versions) != 1 || p.Versions[0].Options[0].Digests[0] != digest {
		t.Errorf("versions %+v", p.Versions)
	}
	id, err = start(c, "prod-1", "t3", version())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.CancelChangeSet(context.Background(), &marketplacecatalog.CancelChangeSetInput{Catalog: aws.String("AWSMarketplace"), ChangeSetId: &id}); err != nil {
		t.Errorf("cancelling what is prepared: %v", err)
	}
	list, err := c.ListChangeSets(context.Background(), &marketplacecatalog.ListChangeSetsInput{Catalog: aws.String("AWSMarketplace"), MaxResults: aws.Int32(1),
		Sort:       &types.Sort{SortBy: aws.String("StartTime"), SortOrder: types.SortOrderDescending},
		FilterList: []types.Filter{{Name: aws.String("EntityId"), ValueList: []string{"prod-1"}}}})
	if err != nil || len(list.ChangeSetSummaryList) != 1 || list.ChangeSetSummaryList[0].Status != "CANCELLED" || list.NextToken == nil {
		t.Errorf("%+v, %v", list, err)
	}
	described, err := c.DescribeEntity(context.Background(), &marketplacecatalog.DescribeEntityInput{Catalog: aws.String("AWSMarketplace"), EntityId: aws.String("prod-1")})
	if err != nil || *described.EntityIdentifier != "prod-1@2" || !json.Valid([]byte(*described.Details)) || !strings.Contains(*described.Details, `"VersionTitle":"1.1"`) {
		t.Errorf("%+v, %v", described, err)
	}
}

// A policy allows what it names, under its conditions, and nothing else.
func TestPolicy(t *testing.T) {
	w, c := market(t)
	entity := `"arn:aws:aws-marketplace:us-east-1:123456789012:AWSMarketplace/`
	policy := func(statements string) {
		t.Helper()
		if err := w.SetPolicy(`{"Version":"2012-10-17","Statement":[` + statements + `]}`); err != nil {
			t.Fatal(err)
		}
	}
	both := `"Resource":[` + entity + `ContainerProduct/prod-1",` + entity + `ChangeSet/*"]`
	for name, tt := range map[string]struct{ statements, want string }{
		"allowed":       {`{"Effect":"Allow","Action":"aws-marketplace:StartChangeSet",` + both + `,"Condition":{"StringEquals":{"catalog:ChangeType":["AddDeliveryOptions"]}}}`, "<nil>"},
		"by a pattern":  {`{"Effect":"Allow","Action":["aws-marketplace:*"],"Resource":"*"}`, "<nil>"},
		"another type":  {`{"Effect":"Allow","Action":"aws-marketplace:StartChangeSet",` + both + `,"Condition":{"StringEquals":{"catalog:ChangeType":"AddRepositories"}}}`, "AccessDeniedException"},
		"product alone": {`{"Effect":"Allow","Action":"aws-marketplace:StartChangeSet","Resource":` + entity + `ContainerProduct/prod-1"}`, "AccessDeniedException"},
		"set alone":     {`{"Effect":"Allow","Action":"aws-marketplace:StartChangeSet","Resource":` + entity + `ChangeSet/*"}`, "AccessDeniedException"},
		"denied": {`{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"aws-marketplace:Start*","Resource":"*"}`,
			"AccessDeniedException"},
	} {
		policy(tt.statements)
		if _, err := start(c, "prod-1", "t", version()); code(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []string{`{}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"x","Resource":"*"}]}`,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"x","Resource":"*","Condition":{"ForAllValues:StringEquals":{"a":"b"}}}}`} {
		if w.SetPolicy(bad) == nil {
			t.Errorf("taken: %s", bad)
		}
	}
}
