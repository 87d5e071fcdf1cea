package action

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/product"
	"glue-connector/internal/report"
	"glue-connector/internal/trial"
)

// commandLine runs one subcommand for each mode, with a flag for each input.
func commandLine(ctx context.Context, env Env) int {
	code := exitFine
	root := &cobra.Command{
		Use:           "glue-connector",
		Short:         "Take an AWS Glue connector from a commit to a version in AWS Marketplace",
		Version:       Version(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	for _, m := range modes {
		root.AddCommand(command(m.Mode, m.Help, func(get func(string) string, asJSON bool) {
			code = execute(ctx, env.forJSON(asJSON), get, nil)
		}))
	}
	root.AddCommand(managingCommands(ctx, env, &code)...)
	others := []*cobra.Command{linkCommand(env, &code), rulesCommand(env), schemaCommand(env)}
	for _, c := range append(others, others[0].Commands()...) {
		c.DisableFlagsInUseLine = true // they have none
	}
	root.AddCommand(others...)
	if len(env.Args) > 0 && strings.HasPrefix(env.Args[0], cobra.ShellCompRequestCmd) {
		completeFlags(root) // cobra keeps what is said of completions for ever
	}
	root.SetArgs(env.Args)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	if err := root.ExecuteContext(ctx); err != nil {
		sayMisuse(env.Stderr, err)
		return exitInputs
	}
	return code
}

// managingCommands are those about listings: a command for each family.
func managingCommands(ctx context.Context, env Env, code *int) []*cobra.Command {
	families := []*cobra.Command{
		family("listing", "Show, mend and restrict versions in AWS Marketplace"),
		family("product", "Create products in AWS Marketplace, and release them"),
	}
	for _, c := range managing() {
		for _, f := range families {
			if strings.HasPrefix(string(c.Mode), f.Use+" ") {
				f.AddCommand(command(c.Mode, c.Help, func(get func(string) string, asJSON bool) {
					*code = manage(ctx, env.forJSON(asJSON), c, get)
				}))
			}
		}
	}
	return families
}

// rulesCommand prints what is checked, and where each rule comes from.
func rulesCommand(env Env) *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "Print the rules that connectors are checked by",
		Args:  flagsAlone,
		Run: func(*cobra.Command, []string) {
			for _, r := range check.Rules {
				fmt.Fprintf(env.Stdout, "%s (%s)\n    %s\n    Or else: %s\n    Source: %s\n", r.ID, r.Severity, r.Summary, r.Why, r.Source)
			}
		},
	}
}

// schemaCommand prints what editors and programs check files by.
func schemaCommand(env Env) *cobra.Command {
	return &cobra.Command{
		Use:       "schema {config | plan | product | report}",
		Short:     "Print the JSON Schema of config.json, glue-tests.yaml or product.yaml, for editors, or of the report",
		Args:      cobra.MatchAll(oneArgument("config, plan, product or report"), cobra.OnlyValidArgs),
		ValidArgs: []string{"config", "plan", "product", "report"},
		Run: func(_ *cobra.Command, args []string) {
			schemas := map[string]string{"config": connector.ConfigSchema, "plan": trial.PlanSchema, "product": product.Schema(), "report": report.JSONSchema}
			fmt.Fprint(env.Stdout, schemas[args[0]])
		},
	}
}

func command(m Mode, help string, run func(get func(string) string, asJSON bool)) *cobra.Command {
	values := map[string]*[]string{}
	var asJSON bool
	c := &cobra.Command{
		Use:   string(m)[strings.LastIndex(string(m), " ")+1:],
		Short: help,
		Args:  flagsAlone,
		Run: func(c *cobra.Command, _ []string) {
			run(func(name string) string {
				if name == "mode" {
					return string(m)
				}
				if c.Flags().Lookup(name) == nil {
					return ""
				}
				return strings.Join(*values[name], "\n")
			}, asJSON)
		},
	}
	c.SetUsageFunc(usageOf(m))
	for _, i := range m.inputs() {
		v := &flagValue{input: i}
		values[i.Name] = &v.values
		f := c.Flags().VarPF(v, i.Name, "", i.Help)
		if i.Kind == Bool {
			f.NoOptDefVal = "true"
		}
	}
	if m.printsJSON() {
		c.Flags().BoolVar(&asJSON, "json", false, jsonHelp)
	}
	return c
}

// flagValue keeps the text of a flag, so that the command line and the action
// share one reader; of flags that are lists, all that are given count.
type flagValue struct {
	input  Input
	values []string
}

func (v *flagValue) String() string { return v.input.Default }

func (v *flagValue) Set(s string) error {
	if v.input.Kind != List && v.input.Kind != Lines {
		v.values = nil
	}
	v.values = append(v.values, s)
	return nil
}

func (v *flagValue) Type() string {
	switch v.input.Kind {
	case Bool:
		return "bool"
	case Choice:
		return strings.Join(v.input.Choices, "|")
	case List, Lines:
		return "list"
	}
	return "text"
}
