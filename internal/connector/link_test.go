package connector

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// guide is the full example of the guide's step 4, before encoding.
var guide = &Link{
	Name:        "Virtual Company Simple DB",
	Type:        "Jdbc",
	Description: "A virtual company connector that connects to Simple DB",
	URL:         "https://mp-account-#.dkr.ecr.us-east-1.amazonaws.com/product_id/container_group_id/myconnectorimage:version_title-latest",
	Version:     "7.5.5",
	ClassName:   "virtualcomp.db.simpledb.driver",
	JDBCURLs: []JDBCURL{
		{"username_password", "jdbc:virtualcomp:simpleDB:user=${Username};password=${Password}"},
		{"oauth", "jdbc:virtualcomp:simpleDB:OAuthSettingsLocation=${OAuthSettingsLocation};InitiateOAuth=REFRESH;"},
	},
	Delimiter: ";",
}

// The guide's encoded example, with its two known faults mended: the lost $ of
// the placeholders and the class name's typo.
const guideEncoded = `https://console.aws.amazon.com/gluestudio/home#/connector/add-connection?connectorName=%22Virtual%20Company%20Simple%20DB%22&connectorType=%22Jdbc%22&connectorDescription=%22A%20virtual%20company%20connector%20that%20connects%20to%20Simple%20DB%22&connectorUrl=%22https://mp-account-#.dkr.ecr.us-east-1.amazonaws.com/product_id/container_group_id/myconnectorimage:version_title-latest%22&connectorVersion=%227.5.5%22&connectorClassName=%22virtualcomp.db.simpledb.driver%22&connectionAccessJdbcURLFormat=%22username_password=jdbc:virtualcomp:simpleDB:user=$%7BUsername%7D;password=$%7BPassword%7D%22&connectionAccessJdbcURLFormat=%22oauth=jdbc:virtualcomp:simpleDB:OAuthSettingsLocation=$%7BOAuthSettingsLocation%7D;InitiateOAuth=REFRESH;%22&connectionAccessJdbcURLParamsDelimiter=%22%3B%22`

// parameters decodes a link with the standard library alone.
func parameters(t *testing.T, link string) []string {
	t.Helper()
	_, query, ok := strings.Cut(link, "#/connector/add-connection?")
	if !ok {
		t.Fatalf("no activation link: %s", link)
	}
	var out []string
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		value, err := url.PathUnescape(value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, name+"="+value)
	}
	return out
}

func TestGuidesExample(t *testing.T) {
	if diff := cmp.Diff(parameters(t, guideEncoded), parameters(t, guide.String())); diff != "" {
		t.Errorf("the guide's example decodes to other values (-guide +ours):\n%s", diff)
	}
	u, err := url.Parse(guide.String())
	if err != nil || u.Fragment == "" || strings.Count(guide.String(), "#") != 1 {
		t.Errorf("not one URL with one fragment: %v", err)
	}
}

func TestLinksInTheWild(t *testing.T) {
	tests := map[string]struct {
		link string
		want *Link
	}{
		"TPC-DS by AWS": {
			`https://console.aws.amazon.com/gluestudio/home#/connector/add-connection?connectorName=%22TPCDS%20Connector%20for%20Glue%203.0%22&connectorType=%22Spark%22&connectorDescription=%22Generate%20the%20dataset%20for%20TPC-DS%20benchmark%20from%20AWS%20Glue%22&connectorUrl=%22https%3A%2F%2F709825985650.dkr.ecr.us-east-1.amazonaws.com%2Famazon-web-services%2Fglue-tpcds%3A1.0.0-glue3.0%22&connectorVersion=%221.0.0-glue3.0%22&connectorClassName=%22tpcds%22`,
			&Link{Name: "TPCDS Connector for Glue 3.0", Type: "Spark", Description: "Generate the dataset for TPC-DS benchmark from AWS Glue",
				URL:     "https://709825985650.dkr.ecr.us-east-1.amazonaws.com/amazon-web-services/glue-tpcds:1.0.0-glue3.0",
				Version: "1.0.0-glue3.0", ClassName: "tpcds"},
		},
		"ClickHouse, unquoted and raw": {
			`https://console.aws.amazon.com/gluestudio/home#/connector/add-connection?connectorName="ClickHouse%20AWS%20Glue%20Connector"&connectorType="Spark"&connectorUrl=https://709825985650.dkr.ecr.us-east-1.amazonaws.com/clickhouse/clickhouse-glue:1.0.0&connectorClassName="com.clickhouse.spark.ClickHouseCatalog"`,
			&Link{Name: "ClickHouse AWS Glue Connector", Type: "Spark",
				URL: "https://709825985650.dkr.ecr.us-east-1.amazonaws.com/clickhouse/clickhouse-glue:1.0.0", ClassName: "com.clickhouse.spark.ClickHouseCatalog"},
		},
		"with a region's host, as browsers show it, pasted with a line end": {
			" https://us-east-1.console.aws.amazon.com/gluestudio/home?region=us-east-1#/connector/add-connection?connectorName=%22A%22\r\n",
			&Link{Name: "A"},
		},
		"an unknown parameter, a repeated one, empty ones and raw characters": {
			LinkBase + "connectorName=A #&&connectorName=&connectorName=B&utm_source=docs&colour&",
			&Link{Name: "A #", Defects: []LinkDefect{
				{LinkRaw, "#"}, {LinkRaw, " "}, {LinkRepeated, "connectorName"}, {LinkRepeated, "connectorName"},
				{LinkUnknown, "utm_source"}, {LinkUnknown, "colour"}}},
		},
		"Iceberg, with a region in the query": {
			`https://console.aws.amazon.com/gluestudio/home?region=us-east-1#/connector/add-connection?connectorName=%22Iceberg%22`,
			&Link{Name: "Iceberg"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ParseLink(tt.link)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	// AWS's own link is byte for byte what we write.
	tpcds := tests["TPC-DS by AWS"]
	if got := tpcds.want.String(); got != tpcds.link {
		t.Errorf("AWS's link is written differently:\n%s\n%s", tpcds.link, got)
	}
}

func TestParseLinkRefuses(t *testing.T) {
	for _, s := range []string{
		"", "https://example.com/#/connector/add-connection?connectorName=x",
		LinkBase + "connectorName=%zz", LinkBase + "connectorName=%",
		strings.Replace(LinkBase, "https:", "http:", 1) + "connectorName=A",
		strings.Replace(LinkBase, "console", "evil.console", 1) + "connectorName=A",
		strings.Replace(LinkBase, "console", "us-east-1.evil.console", 1) + "connectorName=A",
		strings.Replace(LinkBase, "amazon.com", "amazon.com.evil.example", 1) + "connectorName=A",
		strings.Replace(LinkBase, "home", "home/../evil", 1) + "connectorName=A",
		strings.Replace(LinkBase, "home", "home#/x", 1) + "connectorName=A",
	} {
		if l, err := ParseLink(s); err == nil {
			t.Errorf("%q is taken for %+v", s, l)
		}
	}
}

// Whatever a publisher writes comes back, and nothing of it can become another
// parameter, leave Markdown's parentheses, or be anything but plain ASCII.
func FuzzLink(f *testing.F) {
	f.Add("a&connectorUrl=\"https://evil\"", "u=${Username};p=${Password}", ";")
	f.Add("a+b c", "é\u202e\n", "&")
	f.Fuzz(func(t *testing.T, name, template, delimiter string) {
		l := &Link{Name: name, Type: "Jdbc", URL: "https://x", JDBCURLs: []JDBCURL{{"t", template}}, Delimiter: delimiter}
		s := l.String()
		if !regexp.MustCompile(`^[A-Za-z0-9._~%&=:/#?-]*$`).MatchString(s) {
			t.Fatalf("odd characters in %s", s)
		}
		if n := strings.Count(s, "&connectorUrl="); n > 1 || name != "" && n != 1 {
			t.Fatalf("%d URLs in %s", n, s)
		}
		got, err := ParseLink(s)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(l, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
