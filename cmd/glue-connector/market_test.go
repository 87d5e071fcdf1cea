package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"glue-connector/internal/fake"
)

// product ID VISIBILITY REPOSITORY...: makes a product of AWS Marketplace, whose title
// is in TITLE.
func makeProduct(ts *testscript.TestScript, _ bool, args []string) {
	title := "Demo"
	if t := ts.Getenv("TITLE"); t != "" {
		title = t
	}
	world(ts).CreateProduct(fake.Product{ID: args[0], Title: title, Visibility: args[1], Repositories: args[2:]})
}

// versions ID: prints what the product has, a version a line and then its delivery
// options.
func versions(ts *testscript.TestScript, _ bool, args []string) {
	p, ok := world(ts).Product(args[0])
	if !ok {
		ts.Fatalf("no product %s", args[0])
	}
	fmt.Fprintln(ts.Stdout(), len(p.Versions), "versions")
	for _, v := range p.Versions {
		fmt.Fprintf(ts.Stdout(), "version %s: %s\n", v.Title, strings.ReplaceAll(v.Notes, "\n", `\n`))
		for _, o := range v.Options {
			fmt.Fprintf(ts.Stdout(), "option %s: %s\n", o.Title, o.Description)
			fmt.Fprintf(ts.Stdout(), "  image %s is %s\n  services %s\n  resources %v\n  usage %s\n", strings.Join(o.Images, " "), strings.Join(o.Digests, " "),
				strings.Join(o.Services, " "), o.Resources, strings.ReplaceAll(o.Instructions, "\n", `\n`))
		}
	}
}

// products: prints each product with its repositories, its texts, and who may see its
// delivery options.
func products(ts *testscript.TestScript, _ bool, _ []string) {
	ids := world(ts).Products()
	fmt.Fprintln(ts.Stdout(), len(ids), "products")
	for _, id := range ids {
		p, _ := world(ts).Product(id)
		fmt.Fprintf(ts.Stdout(), "%s %s %s\n  repositories %s\n  texts %+v\n", p.ID, p.Visibility, p.Title, strings.Join(p.Repositories, " "), p.Information)
		for _, v := range p.Versions {
			for _, o := range v.Options {
				fmt.Fprintf(ts.Stdout(), "  %s %s %s\n", v.Title, o.Title, o.Visibility)
			}
		}
	}
}

// wrong ID FILE: somebody writes other usage instructions in the portal.
func writeWrong(ts *testscript.TestScript, _ bool, args []string) {
	p, _ := world(ts).Product(args[0])
	for v := range p.Versions {
		p.Versions[v].Options = slices.Clone(p.Versions[v].Options)
		for o := range p.Versions[v].Options {
			p.Versions[v].Options[o].Instructions = strings.TrimSpace(ts.ReadFile(args[1]))
		}
	}
	world(ts).CreateProduct(p)
}

// changesets: prints how many change sets were started, and what became of each.
func changeSets(ts *testscript.TestScript, _ bool, _ []string) {
	all := world(ts).ChangeSets()
	fmt.Fprintln(ts.Stdout(), len(all), "change sets")
	for _, s := range all {
		fmt.Fprintf(ts.Stdout(), "%s %s %s %s\n", s.ID, s.Status, s.Token, s.Name)
	}
}

// slow PREPARING APPLYING: change sets take so many polls in each state.
func slow(ts *testscript.TestScript, _ bool, args []string) {
	preparing, err := strconv.Atoi(args[0])
	ts.Check(err)
	applying, err := strconv.Atoi(args[1])
	ts.Check(err)
	world(ts).SlowChangeSets(preparing, applying)
}

// approve: AWS is done with what it looks at.
func approve(ts *testscript.TestScript, _ bool, _ []string) { world(ts).EndChangeSets() }

// end STATUS [FAULT CODE MESSAGE]: how the next change set ends.
func end(ts *testscript.TestScript, _ bool, args []string) {
	e := fake.ChangeSetEnd{Status: args[0]}
	if len(args) > 1 {
		e.FailureCode, e.Description = args[1], "Change set failed."
		e.Errors = []fake.CatalogError{{Code: args[2], Message: args[3]}}
	}
	world(ts).EndChangeSet(e)
}

// elsewhere ID POLLS: somebody else changes the product, for so many polls.
func lockElsewhere(ts *testscript.TestScript, _ bool, args []string) {
	polls, err := strconv.Atoi(args[1])
	ts.Check(err)
	world(ts).StartElsewhere(args[0], polls)
}

// release REPOSITORY TAG NOTES: makes a release on GitHub.
func makeRelease(ts *testscript.TestScript, _ bool, args []string) {
	notes, err := strconv.Unquote(`"` + args[2] + `"`)
	ts.Check(err)
	world(ts).CreateRelease(args[0], args[1], notes)
}

// iam FILE: what the caller may do, as a policy.
func iam(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(world(ts).SetPolicy(ts.ReadFile(args[0])))
}
