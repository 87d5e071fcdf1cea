package connector

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// LinkBase is what every activation link begins with (guide, step 4). The
// parameters follow inside the URL's fragment, which no server ever sees.
const LinkBase = "https://console.aws.amazon.com/gluestudio/home#/connector/add-connection?"

// Link holds the parameters of an activation link, decoded.
type Link struct {
	Name        string
	Type        string // Jdbc, Spark or Athena
	Description string
	URL         string // the image, with scheme and tag
	Version     string
	ClassName   string
	JDBCURLs    []JDBCURL
	Delimiter   string // between the parameters of a JDBC URL
}

// JDBCURL is one entry of the drop-down in which a subscriber chooses how to
// connect: a title and a URL with placeholders such as ${Username}.
type JDBCURL struct{ Title, Template string }

func (u JDBCURL) String() string { return u.Title + "=" + u.Template }

// The parameters' names.
const (
	paramName        = "connectorName"
	paramType        = "connectorType"
	paramDescription = "connectorDescription"
	paramURL         = "connectorUrl"
	paramVersion     = "connectorVersion"
	paramClassName   = "connectorClassName"
	paramJDBCURL     = "connectionAccessJdbcURLFormat"
	paramDelimiter   = "connectionAccessJdbcURLParamsDelimiter"
)

// String is the link, ASCII only, in the guide's order of parameters. Values
// stand in quotes and are encoded down to RFC 3986's unreserved characters, so
// that they survive Markdown, shells and chat, and decode alike everywhere.
func (l *Link) String() string {
	var b strings.Builder
	b.WriteString(LinkBase)
	add := func(name, value string) {
		if value == "" {
			return
		}
		if b.Len() > len(LinkBase) {
			b.WriteByte('&')
		}
		b.WriteString(name + "=" + encode(`"`+value+`"`))
	}
	add(paramName, l.Name)
	add(paramType, l.Type)
	add(paramDescription, l.Description)
	add(paramURL, l.URL)
	add(paramVersion, l.Version)
	add(paramClassName, l.ClassName)
	for _, u := range l.JDBCURLs {
		add(paramJDBCURL, u.String())
	}
	add(paramDelimiter, l.Delimiter)
	return b.String()
}

// encode leaves letters, digits and -._~ alone and percent-encodes the rest;
// url.QueryEscape does that but for its plus sign.
func encode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// ErrNotLink says that a text does not begin as an activation link does.
var ErrNotLink = errors.New("not an activation link of AWS Glue Studio")

// ParseLink reads a link in any of the forms that the console accepts: values
// with or without quotes, encoded or not.
func ParseLink(s string) (*Link, error) {
	i := strings.Index(s, "#/connector/add-connection?")
	if i < 0 || !strings.HasPrefix(s, "https://console.aws.amazon.com/gluestudio/home") {
		return nil, ErrNotLink
	}
	l := &Link{}
	_, query, _ := strings.Cut(s[i:], "?")
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		value, err := url.PathUnescape(value)
		if err != nil {
			return nil, fmt.Errorf("decoding parameter %q: %w", name, err)
		}
		if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		if err := l.set(name, value); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *Link) set(name, value string) error {
	if name == paramJDBCURL {
		title, template, _ := strings.Cut(value, "=")
		l.JDBCURLs = append(l.JDBCURLs, JDBCURL{title, template})
		return nil
	}
	fields := map[string]*string{
		paramName: &l.Name, paramType: &l.Type, paramDescription: &l.Description, paramURL: &l.URL,
		paramVersion: &l.Version, paramClassName: &l.ClassName, paramDelimiter: &l.Delimiter,
	}
	field, ok := fields[name]
	if !ok {
		return fmt.Errorf("the link has a parameter %q that Glue Studio does not know", name)
	}
	if *field != "" {
		return fmt.Errorf("the link has the parameter %q twice", name)
	}
	*field = value
	return nil
}

// UsageInstructions is the sentence that the guide puts into the listing, with
// the link in it.
func UsageInstructions(link string) string {
	return "Please subscribe to the product from AWS Marketplace and [Activate the Glue connector from AWS Glue Studio](" + link + ")"
}
