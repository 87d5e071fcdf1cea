// Command render shows the reports of testdata/report as GitHub would, so that
// people can look at them: as HTML in a page's width, light and dark, wide and
// narrow, and as PNGs if Chromium is there.
//
//	go run ./testdata/render [-open] OUT testdata/report/*.md
//
// With -pictures FOLDER the wide ones go there, too, small enough for a README:
//
//	go run ./testdata/render -pictures .github/images OUT testdata/report/failed.comment.md
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	ghtml "github.com/yuin/goldmark/renderer/html"
)

//go:embed github.css
var css string

var (
	open     = flag.Bool("open", false, "unfold what is folded")
	pictures = flag.String("pictures", "", "where to put pictures for a README")
)

const wide, narrow = 980, 380 // pixels

func main() {
	flag.Parse()
	if flag.NArg() < 2 {
		fmt.Fprintln(os.Stderr, "usage: render [-open] OUT FILE.md...")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Args()[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(out string, files []string) error {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(ghtml.WithUnsafe()))
	chromium, _ := exec.LookPath("chromium")
	for _, file := range files {
		report, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var body strings.Builder
		if err := md.Convert(report, &body); err != nil {
			return err
		}
		html := body.String()
		if *open {
			html = strings.ReplaceAll(html, "<details>", "<details open>")
		}
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		for _, theme := range []string{"light", "dark"} {
			for _, width := range []int{wide, narrow} {
				page := filepath.Join(out, fmt.Sprintf("%s-%s-%d.html", name, theme, width))
				// Chromium makes no window narrower than 500 pixels.
				text := fmt.Sprintf(`<!doctype html><meta charset="utf-8"><style>%s</style><body class="%s" style="width:%dpx"><article>%s</article>`, css, theme, width-32, html)
				if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
					return err
				}
				if chromium != "" {
					if err := shoot(chromium, out, page, max(width, 500)); err != nil {
						return err
					}
					if *pictures != "" && width == wide {
						if err := shrink(strings.TrimSuffix(page, ".html")+".png", filepath.Join(*pictures, name+"-"+theme+".png"), report); err != nil {
							return err
						}
					}
				}
			}
		}
	}
	return nil
}

// shoot writes a PNG next to a page, of its first 1,600 pixels.
func shoot(chromium, out, page string, width int) error {
	full, err := filepath.Abs(page)
	if err != nil {
		return err
	}
	profile, err := os.MkdirTemp("", "render")
	if err != nil {
		return err
	}
	defer os.RemoveAll(profile)
	b, err := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
		"--user-data-dir="+profile, fmt.Sprintf("--window-size=%d,1600", width),
		"--screenshot="+strings.TrimSuffix(full, ".html")+".png", "file://"+full).CombinedOutput()
	if err != nil {
		return fmt.Errorf("running chromium: %w\n%s", err, b)
	}
	return nil
}
