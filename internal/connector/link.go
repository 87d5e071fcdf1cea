package connector

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
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
	// Defects are what is odd in the text of a link that was read.
	Defects []LinkDefect
}

// LinkDefect is something in the text of a link that its values do not show.
type LinkDefect struct {
	Kind LinkDefectKind
	Text string // the parameter's name, or the character
}

// LinkDefectKind tells defects of links apart.
type LinkDefectKind string

// The kinds of defects of links.
const (
	LinkUnknown  LinkDefectKind = "unknown parameter"
	LinkRepeated LinkDefectKind = "repeated parameter" // the first one counts
	LinkRaw      LinkDefectKind = "raw character"
)

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

// linkStart is how the links that are published begin, and how the browser
// shows them once the console has opened in a region.
var linkStart = regexp.MustCompile(`^https://(?:([a-z0-9-]+)\.)?console\.aws\.amazon\.com/gluestudio/home/?(?:\?[^#]*)?#/connector/add-connection\?`)

// ParseLink reads a link in any of the forms that the console accepts: values
// with or without quotes, encoded or not. White space around it is none of it.
func ParseLink(s string) (*Link, error) {
	s = strings.TrimSpace(s)
	start := linkStart.FindStringSubmatch(s)
	if start == nil || start[1] != "" && !ValidRegion(start[1]) {
		return nil, ErrNotLink
	}
	l := &Link{}
	query := s[len(start[0]):]
	for _, raw := range []string{"#", " ", "\t", "\n", "\r"} {
		if strings.Contains(query, raw) {
			l.Defects = append(l.Defects, LinkDefect{LinkRaw, raw})
		}
	}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		value, err := url.PathUnescape(value)
		if err != nil {
			return nil, fmt.Errorf("decoding parameter %q: %w", name, err)
		}
		if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		l.set(name, value, seen)
	}
	return l, nil
}

func (l *Link) set(name, value string, seen map[string]bool) {
	if name == paramJDBCURL {
		title, template, _ := strings.Cut(value, "=")
		l.JDBCURLs = append(l.JDBCURLs, JDBCURL{title, template})
		return
	}
	fields := map[string]*string{
		paramName: &l.Name, paramType: &l.Type, paramDescription: &l.Description, paramURL: &l.URL,
		paramVersion: &l.Version, paramClassName: &l.ClassName, paramDelimiter: &l.Delimiter,
	}
	field, known := fields[name]
	switch {
	case !known:
		l.Defects = append(l.Defects, LinkDefect{LinkUnknown, name})
	case seen[name]:
		l.Defects = append(l.Defects, LinkDefect{LinkRepeated, name})
	default:
		*field = value
	}
	seen[name] = true
}

// UsageInstructions is the sentence that the guide puts into the listing, with
// the link in it.
func UsageInstructions(link string) string {
	return "Please subscribe to the product from AWS Marketplace and [Activate the Glue connector from AWS Glue Studio](" + link + ")"
}
