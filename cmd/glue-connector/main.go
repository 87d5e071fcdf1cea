// Command glue-connector takes an AWS Glue connector from a commit to an image
// that Glue can load. It is a GitHub Action and a command line.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"glue-connector/internal/action"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(action.Main(ctx, action.System()))
}
