// Package trial is the guide's tests of a connector, its steps 5 and 6, without
// the running of them: a plan, the scripts that it makes, and what to make of
// what a runner brings back. It does no I/O; runners are packages of their own.
//
// A trial is one test of a plan for one Target. A runner runs its Script with the
// job parameters --nonce, --result and --scratch, brings back an Attempt, and
// Judge makes an Outcome of it: one row of a Table, which is that of one runner
// and one Glue version.
package trial
