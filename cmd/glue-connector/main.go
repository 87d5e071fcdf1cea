// Command glue-connector takes an AWS Glue connector from a commit to a version in
// AWS Marketplace. It is a GitHub Action and a command line.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"glue-connector/internal/action"
)

// memory is what the collector is to keep to, in bytes, as far as there is not
// more in use: with the program itself a push of 300 jars stays below 48 MiB.
const memory = 32 << 20

// first is by how many percent the heap may grow before the first collection, from
// the 4 MiB where the runtime begins to count. A small run ends without one.
const first = 300

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(first)
		runtime.AddCleanup(new(string), func(normal int) { debug.SetGCPercent(normal) }, 100)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(action.Main(ctx, action.System()))
}
