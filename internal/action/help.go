package action

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"glue-connector/internal/report"
)

// headings part the inputs, in the order of their table, by the first of each part.
var headings = map[string]string{
	"config-path":       "The connector",
	"repository":        "The image and its registry",
	"role-to-assume":    "AWS",
	"glue-versions":     "What is asked of it",
	"product-id":        "The listing in AWS Marketplace",
	"connector-name":    "The activation link",
	"fail-on":           "The run and its report",
	"comment":           "The comment",
	"create-repository": "What is written",
}

// helpWidth is where help wraps its lines, in columns.
const helpWidth = 80

// flagHelp writes the flags of a mode in parts: a line with the flag and what it
// takes, and below it what it is for.
func flagHelp(w io.Writer, m Mode) {
	title, last := "Flags", ""
	for _, i := range m.inputs() {
		if h := headingOf(m, i.Name); h != "" {
			title = h
		}
		if title != last {
			fmt.Fprintf(w, "\n%s:\n", title)
			last = title
		}
		takes := ""
		if i.Kind != Bool {
			takes = " " + (&flagValue{input: i}).Type()
		}
		if i.Default != "" && i.Kind != Bool {
			takes += " (default " + i.Default + ")"
		}
		fmt.Fprintf(w, "  --%s%s\n%s", i.Name, takes, wrap(i.Help, "      "))
	}
	json := ""
	if m.printsJSON() {
		json = "  --json\n" + wrap(jsonHelp, "      ")
	}
	fmt.Fprintf(w, "\nOutput:\n%s  -h, --help\n", json)
}

const jsonHelp = "Print the report as JSON, and what is for people on standard error."

// printsJSON tells that a mode has something to say to programs.
func (m Mode) printsJSON() bool { return m.managed() == nil || m == ListingShow }

// headingOf is the heading that begins with an input, "" for none.
func headingOf(m Mode, name string) string {
	if m.managed() == nil {
		// A heading counts from its first input on, whether the mode has that or not.
		for n := slices.IndexFunc(Inputs, func(i Input) bool { return i.Name == name }); n >= 0; n-- {
			if h := headings[Inputs[n].Name]; h != "" {
				return h
			}
		}
		return ""
	}
	return map[string]string{
		"product-id": "The listing in AWS Marketplace", "product-file": "The product", "config-path": "The connector and its activation link",
		"dry-run": "The run", "timeout-minutes": "The run", "role-to-assume": "AWS",
	}[name]
}

// wrap breaks a text into lines behind an indent.
func wrap(text, indent string) string {
	var b strings.Builder
	line := indent
	for _, word := range strings.Fields(text) {
		if line != indent && len(line)+1+len(word) > helpWidth {
			b.WriteString(line + "\n")
			line = indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	return b.String() + line + "\n"
}

// examples are the first thing to try, as in the README.
var examples = map[Mode]string{
	Check:   "glue-connector check --jars 'target/*.jar' --glue-versions 4.0,5.1",
	Build:   "glue-connector build --jars target --output image.tar",
	Push:    "glue-connector push --jars target --repository my-company/my-connector --aws-region us-east-1",
	Publish: "glue-connector publish --jars target --repository my-company/my-connector --product-id prod-abcdefghijklm --release-notes @notes.md",
	Verify:  "glue-connector verify --repository 123456789012.dkr.ecr.us-east-1.amazonaws.com/my-company/my-connector:1.0.0",

	ListingShow:      "glue-connector listing show --product-id prod-abcdefghijklm",
	ListingUpdate:    "glue-connector listing update --product-id prod-abcdefghijklm --version-title 1.0.0 --relink --dry-run",
	ListingRestrict:  "glue-connector listing restrict --product-id prod-abcdefghijklm --version-title 1.0.0 --confirm 1.0.0",
	ProductCreate:    "glue-connector product create --product-file product.yaml --dry-run",
	ProductAddition:  "glue-connector product create-repository --product-id prod-abcdefghijklm --repositories my-connector",
	ProductReleasing: "glue-connector product release --product-id prod-abcdefghijklm --to limited --confirm 'My Company Database'",
}

// usageOf replaces cobra's list of flags, which puts each into one long line.
func usageOf(m Mode) func(*cobra.Command) error {
	return func(c *cobra.Command) error {
		fmt.Fprintf(c.OutOrStderr(), "Usage:\n  %s\n", c.UseLine())
		if e := examples[m]; e != "" {
			fmt.Fprintf(c.OutOrStderr(), "\nExample:\n  %s\n", e)
		}
		flagHelp(c.OutOrStderr(), m)
		return nil
	}
}

// completeFlags tells it of all flags of a command and of those below it.
func completeFlags(c *cobra.Command) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if v, ok := f.Value.(*flagValue); ok {
			completes(c, v.input)
		}
	})
	for _, sub := range c.Commands() {
		completeFlags(sub)
	}
}

// completes tells shells what a flag takes: its choices, files or nothing known.
func completes(c *cobra.Command, i Input) {
	switch {
	case len(i.Choices) > 0:
		_ = c.RegisterFlagCompletionFunc(i.Name, cobra.FixedCompletions(i.Choices, cobra.ShellCompDirectiveNoFileComp))
	case i.Name == "working-directory":
		_ = c.MarkFlagDirname(i.Name)
	case i.Name != "jars" && i.Name != "output" && i.Name != "from-report" && !strings.HasSuffix(i.Name, "-file") && !strings.HasSuffix(i.Name, "-path"):
		_ = c.RegisterFlagCompletionFunc(i.Name, cobra.NoFileCompletions)
	}
}

// sayMisuse prints what is wrong with a command line, of which nothing is trusted.
func sayMisuse(w io.Writer, err error) {
	var said []string
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); line != "" {
			said = append(said, report.Line(line))
		}
	}
	fmt.Fprintf(w, "glue-connector: %s\nrun glue-connector --help for the commands, and that of a command for its flags\n", strings.Join(said, " "))
}
