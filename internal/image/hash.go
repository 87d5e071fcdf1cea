package image

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"glue-connector/internal/connector"
)

// Hashed are the layers of a connector whose jars are read and hashed while
// something else goes on.
type Hashed struct {
	layers []*layer
	done   chan struct{}
	err    error // once done is closed
	cancel context.CancelCauseFunc
	memory *Memory
}

// Hash begins to hash a connector's layers, as many at a time as there are
// processors, but for those that memory knows; it may be nil. The jars must stay
// open until Build or Stop has returned.
func Hash(c *connector.Connector, memory *Memory) *Hashed {
	ctx, cancel := context.WithCancelCause(context.Background())
	h := &Hashed{layers: cut(c), done: make(chan struct{}), cancel: cancel, memory: memory}
	go func() {
		defer close(h.done)
		h.err = hashAll(ctx, cancel, h.layers, memory)
	}()
	return h
}

// wait returns the layers when they are hashed.
func (h *Hashed) wait() ([]*layer, error) {
	<-h.done
	return h.layers, h.err
}

var errStopped = errors.New("nobody waits for it any more")

// Stop ends the work. It does nothing once that is done, and if h is nil.
func (h *Hashed) Stop() {
	if h != nil {
		h.cancel(errStopped)
		<-h.done
	}
}

func hashAll(ctx context.Context, cancel context.CancelCauseFunc, layers []*layer, memory *Memory) error {
	work := make(chan *layer)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			var space [2][maxStored]byte
			for l := range work {
				if err := l.hash(ctx, memory, &space); err != nil {
					cancel(err)
				}
			}
		})
	}
	// The largest first, or one processor would wait for it in the end.
	bySize := slices.SortedStableFunc(slices.Values(layers), func(a, b *layer) int { return cmp.Compare(b.content(), a.content()) })
	for _, l := range bySize {
		if ctx.Err() != nil {
			break
		}
		work <- l
	}
	close(work)
	workers.Wait()
	return context.Cause(ctx)
}
