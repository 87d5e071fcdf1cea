package gluejob

import (
	"context"
	"time"
)

// Hasten makes a runner wait no longer than a moment.
func (r *Runner) Hasten() {
	r.sleep = func(ctx context.Context, _ time.Duration) error { return sleep(ctx, time.Millisecond) }
}
