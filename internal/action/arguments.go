package action

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// family is a command that only holds others. Cobra shows the help of such a
// command, and status 0, for any word that is none of them: a script with a
// misspelt one would go on.
func family(use, short string) *cobra.Command {
	return &cobra.Command{
		Use:                        use,
		Short:                      short,
		DisableFlagsInUseLine:      true,
		SuggestionsMinimumDistance: 2, // cobra's own for the root
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			said := fmt.Sprintf("unknown command %q for %q", args[0], c.CommandPath())
			if like := c.SuggestionsFor(args[0]); len(like) > 0 {
				said += " Did you mean this? " + like[0]
			}
			return errors.New(said)
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
}

// flagsAlone refuses what is not a flag, such as a jar without --jars.
func flagsAlone(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes flags alone, not %q", nameOf(c), args[0])
	}
	return nil
}

// oneArgument asks for one argument, and says which.
func oneArgument(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s takes one argument, %s, not %d", nameOf(c), what, len(args))
		}
		return nil
	}
}

// nameOf is a command's name without that of the program.
func nameOf(c *cobra.Command) string {
	return strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
}
