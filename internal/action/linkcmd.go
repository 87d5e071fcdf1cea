package action

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/report"
)

// linkCommand looks at links that exist already: in a listing, in docs.
func linkCommand(env Env, code *int) *cobra.Command {
	link := family("link", "Look at activation links")
	link.AddCommand(&cobra.Command{
		Use:   "check URL",
		Short: "Say what a subscriber gets from an activation link, and what is wrong with it",
		Args:  oneArgument("the link"),
		Run: func(_ *cobra.Command, args []string) {
			*code = checkLink(env, args[0])
		},
	})
	return link
}

// checkLink judges a link as one that subscribers open.
func checkLink(env Env, url string) int {
	l, err := connector.ParseLink(url)
	if err != nil {
		fmt.Fprintf(env.Stdout, "✗ the link cannot be read: %s\n", report.Line(report.Cut(err.Error(), 300)))
		return exitFindings
	}
	for _, line := range report.NewLink(l).Form {
		fmt.Fprintf(env.Stdout, "%-18s %s\n", report.Line(line.Field), report.Line(line.Value))
	}
	findings := check.Run(&check.Subject{Connector: &connector.Connector{Link: l}, Publish: true, Now: time.Now()}, false)
	fmt.Fprint(env.Stdout, "\n"+report.FindingsText(findings, palette(env)))
	errors, warnings := check.Count(findings, check.Error), check.Count(findings, check.Warning)
	fmt.Fprintf(env.Stdout, "%s, %s\n", report.Plural(errors, "error"), report.Plural(warnings, "warning"))
	if errors > 0 {
		return exitFindings
	}
	return exitFine
}

// palette is that of the terminal, if there is one and colour is wanted.
func palette(env Env) report.Palette {
	if env.Terminal && env.Getenv("NO_COLOR") == "" {
		return report.Colours
	}
	return report.Palette{}
}
