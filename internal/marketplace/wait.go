package marketplace

import (
	"context"
	"math/rand/v2"
	"time"
)

// keepDistance waits until a call may be made: any time at first, and later not
// sooner after the last one than the distance.
func (c *Client) keepDistance(ctx context.Context, doing string) error {
	if !c.waited {
		if ctx.Err() != nil {
			return ended(ctx, doing)
		}
		return nil
	}
	return sleep(ctx, doing, time.Until(c.last.Add(c.limits.distance)))
}

// sleep ends early with the context.
func sleep(ctx context.Context, doing string, d time.Duration) error {
	if ctx.Err() == nil && d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ended(ctx, doing)
	case <-t.C:
		return nil
	}
}

// jittered is up to a fifth more, so that runs that began together part.
func jittered(d time.Duration) time.Duration {
	return d + time.Duration(rand.Float64()*float64(d)/5)
}

// backoff grows by half each time.
type backoff struct{ next, longest time.Duration }

func (b *backoff) wait(ctx context.Context, doing string) error {
	d := jittered(b.next)
	b.next = min(b.next*3/2, b.longest)
	return sleep(ctx, doing, d)
}
