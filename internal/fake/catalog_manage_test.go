package fake_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/document"
	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"

	"glue-connector/internal/fake"
)

type doc = map[string]any

// change makes a change about a product, or a new one for "".
func change(kind, product string, details any) types.Change {
	c := types.Change{ChangeType: aws.String(kind), DetailsDocument: document.NewLazyDocument(details), Entity: &types.Entity{Type: aws.String("ContainerProduct@1.0")}}
	if product != "" {
		c.Entity.Identifier = aws.String(product)
	}
	return c
}

func startAll(c *marketplacecatalog.Client, token string, changes ...types.Change) (string, error) {
	out, err := c.StartChangeSet(context.Background(), &marketplacecatalog.StartChangeSetInput{
		Catalog: aws.String("AWSMarketplace"), ClientRequestToken: aws.String(token), ChangeSet: changes})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.ChangeSetId), nil
}

const (
	optionA = "00000001-0000-4000-8000-00000000000a"
	optionB = "00000001-0000-4000-8000-00000000000b"
	optionL = "00000001-0000-4000-8000-00000000000c"
)

// managed has products with versions in every state.
func managed(t *testing.T) (*fake.World, *marketplacecatalog.Client) {
	t.Helper()
	w, c := market(t)
	option := func(id, visibility string) []fake.DeliveryOption {
		return []fake.DeliveryOption{{ID: id, Title: "Activate", Description: "d", Instructions: "u", Visibility: visibility, Images: []string{marketName + ":1.1"}, Services: []string{"ECS"}}}
	}
	w.CreateProduct(fake.Product{ID: "prod-2", Title: "Two", Visibility: "Public", Versions: []fake.ProductVersion{
		{ID: "v1", Title: "1", Notes: "n", Options: option(optionA, "Public")}, {ID: "v2", Title: "2", Notes: "n", Options: option(optionB, "Public")}}})
	w.CreateProduct(fake.Product{ID: "prod-3", Title: "Three", Visibility: "Limited", Versions: []fake.ProductVersion{{ID: "v1", Title: "1", Notes: "n", Options: option(optionL, "Limited")}}})
	return w, c
}

func container(id string, details doc) doc {
	return doc{"DeliveryOptions": []any{doc{"Id": id, "Details": doc{"EcrDeliveryOptionDetails": details}}}}
}

var information = doc{"ShortDescription": "s", "LongDescription": "l", "LogoUrl": "https://awsmp-logos.s3.amazonaws.com/x", "Highlights": []any{"h"},
	"AdditionalResources": []any{doc{"Text": "t", "Url": "https://example.com/a"}}, "SupportDescription": "s", "Categories": []any{"Databases"}, "SearchKeywords": []any{"k"}}

func with(key string, v any) doc {
	out := doc{}
	for k, v := range information {
		out[k] = v
	}
	out[key] = v
	return out
}

// What AWS refuses at once, by the schema or by the state of the product.
func TestManagingShapes(t *testing.T) {
	w, c := managed(t)
	create := change("CreateProduct", "", doc{"ProductTitle": "New"})
	create.ChangeName = aws.String("CreateProductChange")
	for name, changes := range map[string][]types.Change{
		"unknown member":       {change("UpdateDeliveryOptions", "prod-2", container(optionA, doc{"Title": "x"}))},
		"no id":                {change("UpdateDeliveryOptions", "prod-2", container("x", doc{"Description": "x"}))},
		"blank first":          {change("UpdateDeliveryOptions", "prod-2", container(optionA, doc{"Description": " x"}))},
		"too long":             {change("UpdateDeliveryOptions", "prod-2", container(optionA, doc{"UsageInstructions": strings.Repeat("x", 4001)}))},
		"no ids":               {change("RestrictDeliveryOptions", "prod-2", doc{"DeliveryOptionIds": []any{}})},
		"details of a release": {change("ReleaseProduct", "prod-draft", doc{"x": 1})},
		"no visibility":        {change("UpdateVisibility", "prod-2", doc{"TargetVisibility": "Draft"})},
		"the same visibility":  {change("UpdateVisibility", "prod-2", doc{"TargetVisibility": "Public"})},
		"draft to public":      {change("UpdateVisibility", "prod-draft", doc{"TargetVisibility": "Public"})},
		"title of a product":   {change("CreateProduct", "", doc{"ProductTitle": strings.Repeat("x", 73)})},
		"product that exists":  {change("CreateProduct", "prod-2", doc{})},
		"no repositories":      {change("AddRepositories", "prod-2", doc{"Repositories": []any{}})},
		"type of repository":   {change("AddRepositories", "prod-2", doc{"Repositories": []any{doc{"RepositoryName": "ab", "RepositoryType": "S3"}}})},
		"logo":                 {change("UpdateInformation", "prod-2", doc{"LogoUrl": "http://example.com/x"})},
		"highlights":           {change("UpdateInformation", "prod-2", doc{"Highlights": []any{"1", "2", "3", "4"}})},
		"keyword":              {change("UpdateInformation", "prod-2", doc{"SearchKeywords": []any{strings.Repeat("x", 51)}})},
		"control character":    {change("UpdateInformation", "prod-2", doc{"ShortDescription": "a\u0007"})},
		"reference":            {create, change("UpdateInformation", "$Create.Entity.Identifier", information)},
		"reference too early":  {change("UpdateInformation", "$CreateProductChange.Entity.Identifier", information), create},
		"twice":                {create, change("AddRepositories", "prod-2", doc{}), change("AddRepositories", "prod-2", doc{})},
	} {
		if _, err := startAll(c, "t", changes...); code(err) != "ValidationException" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(w.ChangeSets()); n > 0 {
		t.Errorf("%d change sets", n)
	}
}

// What AWS refuses later, with its codes, and then nothing of the set is made.
func TestManagingFailures(t *testing.T) {
	repositories := func(name string) doc {
		return doc{"Repositories": []any{doc{"RepositoryName": name, "RepositoryType": "ECR"}}}
	}
	restrict := func(ids ...any) doc { return doc{"DeliveryOptionIds": ids} }
	for name, tt := range map[string]struct {
		change types.Change
		want   string
	}{
		"draft":           {change("UpdateDeliveryOptions", "prod-draft", container(optionA, doc{"Description": "x"})), "INCOMPATIBLE_PRODUCT_STATUS"},
		"no such option":  {change("UpdateDeliveryOptions", "prod-2", container(optionL, doc{"Description": "x"})), "MISSING_DELIVERY_OPTION_IDS"},
		"no option":       {change("UpdateDeliveryOptions", "prod-2", doc{"Version": doc{"ReleaseNotes": "x"}}), "EMPTY_DELIVERY_OPTION_IDS"},
		"two versions":    {change("UpdateDeliveryOptions", "prod-2", doc{"DeliveryOptions": []any{doc{"Id": optionA}, doc{"Id": optionB}}}), "MULTIPLE_VERSION_UPDATE"},
		"one twice":       {change("UpdateDeliveryOptions", "prod-2", doc{"DeliveryOptions": []any{doc{"Id": optionA}, doc{"Id": optionA}}}), "DUPLICATE_DELIVERY_OPTION_IDS"},
		"nothing":         {change("UpdateDeliveryOptions", "prod-2", container(optionA, doc{"Description": "d"})), "NO_CHANGE_FOUND"},
		"image of public": {change("UpdateDeliveryOptions", "prod-2", container(optionA, doc{"ContainerImages": []any{marketName + ":1.1"}})), "FIELD_NOT_ALLOWED_TO_CHANGE"},
		"not ASCII":       {change("UpdateDeliveryOptions", "prod-2", container(optionA, doc{"UsageInstructions": "\u00e9"})), "INVALID_USAGE_INSTRUCTIONS"},
		"limited":         {change("RestrictDeliveryOptions", "prod-3", restrict(optionL)), "INCOMPATIBLE_PRODUCT_STATUS"},
		"all":             {change("RestrictDeliveryOptions", "prod-2", restrict(optionA, optionB)), "INVALID_MINIMUM_PUBLIC_DELIVERY_OPTIONS"},
		"no information":  {change("ReleaseProduct", "prod-draft", doc{}), "VALIDATION_FAILED"},
		"no draft":        {change("ReleaseProduct", "prod-2", doc{}), "INCOMPATIBLE_PRODUCT_STATUS"},
		"name":            {change("AddRepositories", "prod-2", repositories("Seller/Repo")), "INVALID_ECR_REPOSITORY_NAME"},
		"long name":       {change("AddRepositories", "prod-2", repositories(strings.Repeat("x", 250))), "INVALID_ECR_REPOSITORY_NAME"},
		"category":        {change("UpdateInformation", "prod-2", with("Categories", []any{"Cars"})), "INVALID_CATEGORY_NAMES"},
		"information":     {change("UpdateInformation", "prod-2", doc{"ShortDescription": "s", "LongDescription": "l", "LogoUrl": "https://a.example/x", "Highlights": []any{"h"}, "SupportDescription": "s", "Categories": []any{"Databases"}}), "INVALID_INPUT"},
	} {
		t.Run(name, func(t *testing.T) {
			w, c := managed(t)
			id, err := startAll(c, "t", tt.change)
			if err != nil {
				t.Fatal(err)
			}
			before, _ := w.Product(*tt.change.Entity.Identifier)
			out := poll(t, c, id)
			var codes []string
			for _, e := range out.ChangeSet[0].ErrorDetailList {
				codes = append(codes, *e.ErrorCode)
			}
			if out.Status != "FAILED" || !slices.Equal(codes, []string{tt.want}) {
				t.Errorf("%s %q", out.Status, codes)
			}
			if after, _ := w.Product(before.ID); after.Revision != before.Revision {
				t.Errorf("%+v", after)
			}
		})
	}
}

// A product is created whole, or not at all.
func TestChainedChanges(t *testing.T) {
	for _, name := range []string{"new-repo", "New"} {
		w, c := managed(t)
		create := change("CreateProduct", "", doc{"ProductTitle": "New"})
		create.ChangeName = aws.String("CreateProductChange")
		const reference = "$CreateProductChange.Entity.Identifier"
		id, err := startAll(c, "t", create, change("UpdateInformation", reference, information),
			change("AddRepositories", reference, doc{"Repositories": []any{doc{"RepositoryName": name, "RepositoryType": "ECR"}}}))
		if err != nil {
			t.Fatal(err)
		}
		out := poll(t, c, id)
		list, err := c.ListEntities(context.Background(), &marketplacecatalog.ListEntitiesInput{Catalog: aws.String("AWSMarketplace"), EntityType: aws.String("ContainerProduct"),
			EntityTypeFilters: &types.EntityTypeFiltersMemberContainerProductFilters{Value: types.ContainerProductFilters{ProductTitle: &types.ContainerProductTitleFilter{ValueList: []string{"New"}}}}})
		if err != nil {
			t.Fatal(err)
		}
		if name == "New" {
			if out.Status != "FAILED" || len(list.EntitySummaryList) > 0 {
				t.Errorf("%s, %+v", out.Status, list.EntitySummaryList)
			}
			continue
		}
		product := strings.TrimSuffix(aws.ToString(out.ChangeSet[0].Entity.Identifier), "@3")
		p, ok := w.Product(product)
		if out.Status != "SUCCEEDED" || !ok || len(list.EntitySummaryList) != 1 || p.Visibility != "Draft" || p.Information.ShortDescription != "s" ||
			!slices.Equal(p.Repositories, []string{"709825985650.dkr.ecr.us-east-1.amazonaws.com/my-company/new-repo"}) {
			t.Errorf("%s: %s, %+v", out.Status, product, p)
		}
	}
}
