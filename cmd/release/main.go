// Command release makes a release of this repository, step by step; the workflow
// .github/workflows/release.yml runs it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"glue-connector/internal/release"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		stop()
		os.Exit(1)
	}
}

// command takes in each of its commands the version first.
func command() *cobra.Command {
	root := &cobra.Command{Use: "release", Short: "Make a release of this repository", SilenceErrors: true, SilenceUsage: true}
	git := release.Git{Dir: "."}
	var out, roots, repository string
	var only []string
	root.PersistentFlags().StringVar(&git.Remote, "remote", "origin", "where the tags are")
	root.PersistentFlags().StringVar(&out, "out", "dist", "where the binaries are")
	root.PersistentFlags().StringSliceVar(&only, "platforms", nil, "build for these only, such as linux_amd64")

	root.AddCommand(
		step("check VERSION", "Say whether the version is free, and print its notes", func(ctx context.Context, v release.Version, _ []string) error {
			changelog, err := os.ReadFile(".github/CHANGELOG.md")
			if err != nil {
				return err
			}
			notes, err := release.Notes(string(changelog), v)
			if err != nil {
				return err
			}
			fmt.Print(notes)
			return git.Free(ctx, v)
		}),
		step("build VERSION", "Build the binaries, their archives and checksums", func(ctx context.Context, v release.Version, _ []string) error {
			_, at, err := git.Head(ctx)
			if err != nil {
				return err
			}
			platforms, err := release.ParsePlatforms(only)
			if err != nil {
				return err
			}
			return release.Build(ctx, ".", out, v, at, platforms)
		}),
		step("tag VERSION IMAGE", "Push the commit whose action.yml names the image, as VERSION and as its major version", func(ctx context.Context, v release.Version, args []string) error {
			commit, err := git.Tag(ctx, v, args[0])
			fmt.Println(commit)
			return err
		}),
	)
	image := step("image VERSION", "Push the image; print name= and digest= for later steps", func(ctx context.Context, v release.Version, _ []string) error {
		commit, at, err := git.Head(ctx)
		if err != nil {
			return err
		}
		source := release.Source{Version: v, Revision: commit, At: at, URL: os.Getenv("GITHUB_SERVER_URL") + "/" + os.Getenv("GITHUB_REPOSITORY")}
		index, err := release.Image(out, roots, source)
		if err != nil {
			return err
		}
		pushed, err := release.Push(ctx, repository, v, index)
		if err != nil {
			return err
		}
		name, digest, _ := strings.Cut(pushed, "@")
		fmt.Printf("name=%s\ndigest=%s\n", name, digest)
		return nil
	})
	image.Flags().StringVar(&roots, "roots", "/etc/ssl/certs/ca-certificates.crt", "the certificate authorities that the image trusts")
	image.Flags().StringVar(&repository, "repository", "", "where to, such as ghcr.io/OWNER/NAME")
	image.MarkFlagRequired("repository")
	root.AddCommand(image)
	return root
}

// step is a command whose first argument is the version.
func step(use, short string, run func(context.Context, release.Version, []string) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(len(strings.Fields(use)) - 1),
		RunE: func(c *cobra.Command, args []string) error {
			v, err := release.ParseVersion(args[0])
			if err != nil {
				return err
			}
			return run(c.Context(), v, args[1:])
		},
	}
}
