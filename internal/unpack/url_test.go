package unpack_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/unpack"
)

const (
	usEast        = "709825985650.dkr.ecr.us-east-1.amazonaws.com"
	registryLog   = "ValueError: malformed registry, correct pattern is https://aws_account_id.dkr.ecr.region.amazonaws.com"
	imageNameLog  = "ValueError: malformed image name, only one colon allowed to delimit image name and tag"
	someHexDigest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

// The rows of table 2.3, and what lies next to them.
func TestCheckURL(t *testing.T) {
	t.Parallel()
	type split struct{ Host, Repository, Tag string }
	cases := []struct {
		name, url string
		want      split // zero if one of Glue's patterns refuses
		code      unpack.Code
		log       string
	}{
		{"good", "https://" + usEast + "/seller/repo:1.0", split{usEast, "seller/repo", "1.0"}, "", ""},
		{"no scheme", usEast + "/seller/repo:1.0", split{}, unpack.URLRegistry, registryLog},
		{"port", "https://" + usEast + ":443/seller/repo:1.0", split{}, unpack.URLRegistry, registryLog},
		{"dual stack", "https://709825985650.dkr-ecr.us-east-1.on.aws/seller/repo:1.0", split{}, unpack.URLRegistry, registryLog},
		{"China", "https://709825985650.dkr.ecr.cn-north-1.amazonaws.com.cn/seller/repo:1.0", split{}, unpack.URLRegistry, registryLog},
		{"no tag", "https://" + usEast + "/seller/repo", split{}, unpack.URLImageName, imageNameLog},
		{"tag and digest", "https://" + usEast + "/seller/repo:1.0@sha256:" + someHexDigest, split{}, unpack.URLImageName, imageNameLog},
		{"digest", "https://" + usEast + "/seller/repo@sha256:" + someHexDigest, split{usEast, "seller/repo@sha256", someHexDigest}, unpack.URLDigest, ""},
		{"http", "http://" + usEast + "/seller/repo:1.0", split{usEast, "seller/repo", "1.0"}, unpack.URLScheme, ""},
		{"no scheme but slashes", "//" + usEast + "/seller/repo:1.0", split{usEast, "seller/repo", "1.0"}, unpack.URLScheme, ""},
		{"query", "https://" + usEast + "/seller/repo:1.0?x=1", split{usEast, "seller/repo", "1.0"}, unpack.URLDropped, ""},
		{"parameters", "https://" + usEast + "/seller/repo:1.0;x", split{usEast, "seller/repo", "1.0"}, unpack.URLDropped, ""},
		{"fragment", "https://" + usEast + "/seller/repo:1.0#y", split{usEast, "seller/repo", "1.0#y"}, unpack.URLTag, ""},
		{"space behind", "https://" + usEast + "/seller/repo:1.0 ", split{usEast, "seller/repo", "1.0 "}, unpack.URLTag, ""},
		{"white space that Python drops", " https://" + usEast + "/seller/\trepo:1.0\n", split{usEast, "seller/repo", "1.0"}, "", ""},
		{"slashes", "HTTPS://" + usEast + "//seller/repo:1.0/", split{usEast, "seller/repo", "1.0"}, "", ""},
		{"user", "https://me@" + usEast + "/seller/repo:1.0", split{}, unpack.URLRegistry, registryLog},
		{"upper case host", "https://709825985650.DKR.ecr.us-east-1.amazonaws.com/seller/repo:1.0", split{}, unpack.URLRegistry, registryLog},
		{"11 digits", "https://70982598565.dkr.ecr.us-east-1.amazonaws.com/seller/repo:1.0", split{}, unpack.URLRegistry, registryLog},
		{"longer host", "https://" + usEast + ".evil.example/seller/repo:1.0", split{}, unpack.URLRegistry, registryLog},
		{"no repository", "https://" + usEast + "/:1.0", split{}, unpack.URLImageName, imageNameLog},
		{"empty", "", split{}, unpack.URLRegistry, registryLog},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			host, repository, tag, ok := unpack.ParseURL(c.url)
			if diff := cmp.Diff(c.want, split{host, repository, tag}); diff != "" || ok != (c.want != split{}) {
				t.Errorf("ok %t, -want +got:\n%s", ok, diff)
			}
			problems := unpack.CheckURL(c.url)
			switch {
			case c.code == "" && len(problems) > 0,
				c.code != "" && (len(problems) != 1 || problems[0].Code != c.code || problems[0].Log != c.log):
				t.Errorf("got %+v, want %q", problems, c.code)
			}
		})
	}
}

func TestCheckURLRegions(t *testing.T) {
	t.Parallel()
	pass := strs{"us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "ap-east-1", "ap-east-2", "ca-west-1"}
	fail := strs{"af-south-1", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ca-central-1", "eu-central-1", "eu-central-2",
		"eu-north-1", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "us-gov-west-1", "us-gov-east-1", "cn-north-1"}
	check := func(region string, want int) {
		problems := unpack.CheckURL("https://709825985650.dkr.ecr." + region + ".amazonaws.com/seller/repo:1.0")
		if len(problems) != want {
			t.Errorf("%s: got %+v", region, problems)
		}
	}
	for _, region := range pass {
		check(region, 0)
	}
	for _, region := range fail {
		check(region, 1)
	}
}
