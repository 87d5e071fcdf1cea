// Command glue-connector takes an AWS Glue connector from a commit to a version in
// AWS Marketplace. It is a GitHub Action and a command line.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"glue-connector/internal/action"
)

// memory is what the collector is to keep to, in bytes, as far as there is not
// more in use: with the program itself a push of 300 jars stays below 48 MiB.
const memory = 32 << 20

// growth is by how many percent the heap may grow between two collections, as
// long as it is below that: runs are short, and most of them need none.
const growth = 200

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(growth)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(action.Main(ctx, action.System()))
}
