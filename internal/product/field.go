package product

import (
	"encoding/json"
	"regexp"
	"sync"
)

// Kind is the form of a field.
type Kind int

// The kinds.
const (
	Text  Kind = iota // one text
	List              // several
	Links             // several, each a text and a URL
)

// Field is one field of a product: a key of product.yaml, and a flag.
type Field struct {
	Key  string
	Kind Kind
	// AWS is its name in the change type UpdateInformation, or AddRepositories.
	AWS      string
	Optional bool
	// Most is how many characters it, or an item of it, may have; Items how many items.
	Most, Items int
	// Help is one sentence.
	Help    string
	pattern func() *regexp.Regexp // that all of it has, nil for any ASCII
	form    string                // what the pattern asks for, for people
	example string
}

// Fields are all of them, in the order in which people read them. The limits are
// those of AWS's shapes, and its guide says which a draft cannot do without:
// https://docs.aws.amazon.com/marketplace/latest/developerguide/work-with-seller-products.html#update-information
var Fields = []Field{
	{Key: "title", AWS: "ProductTitle", Most: 72, Help: "The product's name, as buyers read it.", example: "My Company Database Connector for AWS Glue"},
	{Key: "short-description", AWS: "ShortDescription", Most: 1000, Help: "What it is for, in two or three sentences.", example: "Reads and writes My Company Database in AWS Glue jobs."},
	{Key: "long-description", AWS: "LongDescription", Most: 5000, Help: "The same in one to three paragraphs.", example: "The connector for AWS Glue that we make and support."},
	{Key: "logo-url", AWS: "LogoUrl", Most: 2048, Help: "The URL of the logo: PNG, JPG or GIF, below 5 MB, in an S3 bucket that everybody may read.", example: "https://my-company.s3.amazonaws.com/logo.png",
		pattern: late(`^https://(www\.)?[-a-zA-Z0-9@._]{1,256}\.[a-zA-Z0-9()]{2,63}\b([-a-zA-Z0-9@_+./]*)$`), form: "an https URL without a query"},
	{Key: "highlights", Kind: List, AWS: "Highlights", Most: 500, Items: 3, Help: "One to three things to know about it.", example: "Reads in parallel"},
	{Key: "support-description", AWS: "SupportDescription", Most: 2000, Help: "How buyers get support.", example: "Write to support@example.com."},
	{Key: "categories", Kind: List, AWS: "Categories", Most: 100, Items: 3, Help: "One to three product categories, by their names in AWS Marketplace's buyer guide.", example: "Databases"},
	{Key: "search-keywords", Kind: List, AWS: "SearchKeywords", Most: 50, Items: 15, Help: "One to fifteen words to find it by, of 250 characters together.", example: "jdbc"},
	{Key: "additional-resources", Kind: Links, AWS: "AdditionalResources", Most: 500, Items: 3, Help: "At most three links to learn more, each a text and a URL.", Optional: true,
		pattern: late(`^https?://(www\.)?[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-zA-Z0-9()]{2,63}\b([-a-zA-Z0-9()@:%_+.~#?&/=, ]*)$`), form: "a URL"},
	{Key: "video-urls", Kind: List, AWS: "VideoUrls", Most: 2048, Items: 1, Help: "The URL of a video.", Optional: true, example: "https://example.com/video",
		pattern: late(`^https://(www\.)?[-a-zA-Z0-9@._]{1,256}\.[a-zA-Z0-9()]{2,63}\b([-a-zA-Z0-9@_+./]*)$`), form: "an https URL without a query"},
	{Key: "sku", AWS: "Sku", Most: 100, Help: "A name of your own for it, which buyers do not see.", Optional: true, example: "GLUE-1"},
	{Key: "repositories", Kind: List, AWS: "Repositories", Most: 255, Items: 50, Help: "The names of the repositories for its images; AWS puts your namespace before them.", example: "my-connector",
		pattern: RepositoryName, form: "a name such as nginx-web-app, of small letters and digits, without a namespace"},
}

// late compiles an expression when it is first needed: these take a while, and most
// runs are about no new product.
func late(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// RepositoryName is the grammar of a repository without its namespace.
var RepositoryName = late(`^[a-z0-9]+([._-][a-z0-9]+)*$`)

func find(key string) (Field, bool) {
	for _, f := range Fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// Schema is a JSON Schema (draft 7) of product.yaml, for editors: what Check says of
// a product, as far as a schema can say it.
func Schema() string {
	properties, required := map[string]any{}, []string{}
	for _, f := range Fields {
		text := map[string]any{"type": "string", "minLength": 1, "maxLength": f.Most, "pattern": ascii().String()}
		if f.pattern != nil && f.Kind != Links {
			text["pattern"] = f.pattern().String()
		}
		if f.example != "" {
			text["examples"] = []string{f.example}
		}
		switch f.Kind {
		case List:
			text = map[string]any{"type": "array", "minItems": 1, "maxItems": f.Items, "uniqueItems": true, "items": text}
		case Links:
			url := map[string]any{"type": "string", "maxLength": 2048, "pattern": f.pattern().String()}
			item := map[string]any{"type": "object", "required": []string{"text", "url"}, "additionalProperties": false, "properties": map[string]any{"text": text, "url": url}}
			text = map[string]any{"type": "array", "maxItems": f.Items, "items": item}
		}
		text["description"] = f.Help
		properties[f.Key] = text
		if !f.Optional {
			required = append(required, f.Key)
		}
	}
	b, err := json.MarshalIndent(map[string]any{
		"$schema": "http://json-schema.org/draft-07/schema#", "title": "product.yaml of glue-connector product create",
		"description": "A product of AWS Marketplace that is to be created.",
		"type":        "object", "required": required, "additionalProperties": false, "properties": properties,
	}, "", "  ")
	if err != nil {
		panic(err) // it is made of texts and numbers
	}
	return string(b) + "\n"
}
