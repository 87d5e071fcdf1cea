package marketplace

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/marketplacecatalog/types"
)

// Options say how far to go with a change set.
type Options struct {
	// Wait until the change set has ended. Without it, it is enough that it was
	// started; a product that is locked is waited for all the same.
	Wait bool
	// Observe is told of each step, if it is not nil.
	Observe func(Progress)
}

// Progress is where a change set is.
type Progress struct {
	State  State
	ID     string // of the change set, "" if there is none yet
	Status string // that AWS gives it
	// Attached tells that another run, or another attempt of this one, started it.
	Attached bool
}

// Result is how far it came. It is valid beside an error, too.
type Result struct {
	Progress
	// Existed tells that nothing had to be done.
	Existed bool
}

// maxFaults is how many faults of AWS's own are met with another attempt.
const maxFaults = 3

// Apply starts a change set and waits for it, or takes up one that was started.
// There tells whether what it is for is there already; it is asked before each
// start and may be nil. This is the one place that changes anything.
func (c *Client) Apply(ctx context.Context, s ChangeSet, o Options, there func(context.Context) (bool, error)) (Result, error) {
	a := &applying{c: c, set: s, o: o, lock: backoff{c.limits.first, c.limits.longest}}
	for faults := 1; ; faults++ {
		err := a.begin(ctx, there)
		if err != nil || a.at.State == Done || !o.Wait {
			return a.result(), err
		}
		err = a.await(ctx)
		f, failed := errors.AsType[*Failure](err)
		if !failed || f.Fault != "SERVER_FAULT" || faults == maxFaults {
			return a.result(), err
		}
	}
}

// applying is a change set on its way.
type applying struct {
	c       *Client
	set     ChangeSet
	o       Options
	at      Progress
	existed bool
	lock    backoff
}

func (a *applying) result() Result { return Result{a.at, a.existed} }

func (a *applying) enter(p Progress) {
	same := a.at == p
	a.at = p
	if a.o.Observe != nil && !same {
		a.o.Observe(p)
	}
}

// begin looks and starts until the change set runs, or is over and done with.
func (a *applying) begin(ctx context.Context, there func(context.Context) (bool, error)) error {
	for {
		a.enter(Progress{State: Looking})
		if there != nil {
			is, err := there(ctx)
			if is {
				a.existed = true
				a.enter(Progress{State: Done})
				// Which change set it was is nice to know, and not worth a failure.
				if sets, err := a.c.sets(ctx, a.set); err == nil {
					a.note(sets)
				}
				return nil
			}
			if e, ok := errors.AsType[*Error](err); ok && e.Kind == Conflict {
				a.enter(Progress{State: Taken})
			}
			if err != nil {
				return err
			}
		}
		attempt, err := a.look(ctx)
		if err != nil || a.at.State != Looking {
			return err
		}
		a.enter(Progress{State: Starting})
		id, err := a.c.start(ctx, a.set, attempt)
		if e, ok := errors.AsType[*Error](err); ok && e.locked {
			if err := a.blocked(ctx, e); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		a.enter(Progress{State: Awaiting, ID: id, Status: "PREPARING"})
		return nil
	}
}

// note names the change set by which something came to be.
func (a *applying) note(sets []summary) {
	for _, s := range sets {
		if s.name == a.set.Name() && s.status == "SUCCEEDED" {
			a.enter(Progress{State: Done, ID: s.id, Status: s.status, Attached: true})
			return
		}
	}
}

// look finds former change sets of the same name, and tells which attempt is next.
func (a *applying) look(ctx context.Context) (attempt int, err error) {
	sets, err := a.c.sets(ctx, a.set)
	if err != nil {
		return 0, err
	}
	ours := slices.DeleteFunc(slices.Clone(sets), func(s summary) bool { return s.name != a.set.Name() })
	for _, s := range ours {
		switch {
		case s.running():
			a.enter(Progress{State: Awaiting, ID: s.id, Status: s.status, Attached: true})
			return 0, nil
		case s.status == "SUCCEEDED" && a.set.Once: // the product shows it in a moment
			a.existed = true
			a.enter(Progress{State: Done, ID: s.id, Status: s.status, Attached: true})
			return 0, nil
		}
	}
	if len(sets) > 0 && sets[0].name == a.set.Name() && sets[0].status == "SUCCEEDED" {
		// Nothing has changed the product since: AWS shows it in a moment, or has its own
		// way to write a text.
		a.existed = true
		a.enter(Progress{State: Done, ID: sets[0].id, Status: sets[0].status, Attached: true})
		return 0, nil
	}
	if len(ours) > 0 && ours[0].status == "FAILED" && ours[0].fault != "SERVER_FAULT" {
		d, err := a.c.describe(ctx, ours[0].id)
		if err != nil {
			return 0, err
		}
		if !d.failure.again() {
			a.enter(Progress{State: Refused, ID: d.id, Status: d.status, Attached: true})
			return 0, &refusedBefore{&d.failure}
		}
	}
	return len(ours) + 1, nil
}

// refusedBefore is a failure that would be met again.
type refusedBefore struct{ *Failure }

func (e *refusedBefore) Error() string {
	return "AWS has refused the very same already: " + e.Failure.Error()
}

func (e *refusedBefore) Unwrap() error { return e.Failure }

// blocked waits a while for others' change sets.
func (a *applying) blocked(ctx context.Context, cause *Error) error {
	a.enter(Progress{State: Blocked})
	a.c.waited = true
	doing := "waiting for another change set of " + a.set.product()
	if err := a.lock.wait(ctx, doing); err != nil {
		if i, ok := errors.AsType[*interrupted](err); ok {
			i.doing = oneLine(doing + " (" + cause.Error() + ")")
		}
		return err
	}
	return nil
}

// maxUnknown is how often AWS may say that it does not know a change set that it
// has just started.
const maxUnknown = 5

// await looks at a change set until it has ended.
func (a *applying) await(ctx context.Context) error {
	polls := backoff{a.c.limits.first, a.c.limits.longest}
	id, unknown := a.at.ID, 0
	for {
		d, err := a.c.describe(ctx, id)
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing && unknown < maxUnknown {
			unknown++
			d.status, err = a.at.Status, nil
		}
		if err != nil {
			return err
		}
		p := a.at
		p.Status = d.status
		switch d.status {
		case "SUCCEEDED":
			p.State = Done
		case "FAILED":
			p.State = Refused
		case "CANCELLED":
			p.State = Cancelled
		}
		a.enter(p)
		switch p.State {
		case Done:
			return nil
		case Refused, Cancelled:
			return &d.failure
		}
		a.c.waited = true
		if err := polls.wait(ctx, fmt.Sprintf("waiting for change set %s, which is %s", id, d.status)); err != nil {
			return err
		}
	}
}
