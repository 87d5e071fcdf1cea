// Package pullrequest keeps one comment on a pull request up to date.
//
// # Which comment is ours
//
// One that begins with our marker for the same key, and whose author is the
// identity of the token. A token that may write may also change what others
// wrote, so the author is never guessed from the text:
//
//   - A user's comment is never ours to an installation token, GITHUB_TOKEN among
//     them: its author is an App, of type Bot, and no user can be one.
//   - A comment of github-actions[bot] is ours to an installation token. That is
//     what GITHUB_TOKEN writes as, and costs no call. The token of another App
//     takes over such a comment, so that a workflow which changes its token does
//     not begin a second one.
//   - Everything else is compared with the login that GitHub's GraphQL API names
//     as the viewer: REST's GET /user is refused to installation tokens, GraphQL's
//     viewer is not. It is asked for at most once, and only if there is a comment
//     to compare.
//
// Whoever can make github-actions[bot] say something that begins with our marker,
// as a workflow that repeats what it is told, can forge a comment of ours.
//
// # Several runs
//
// The marker holds the run and its attempt. A newer run overwrites an older one,
// never the other way round; the same run may overwrite itself. Runs that start
// at once may each create a comment. So every write is looked at afterwards, and
// everyone deletes comments of ours that another one of a newer run outdoes. The
// newest is never among them, so that one is left, with the newest content,
// whatever the order.
//
// GitHub has no conditional write. An update that is on its way for longer than
// the pause before that look can still overwrite a newer one; a concurrency
// group per pull request rules that out, and the next run mends it.
//
// # What it does not do
//
// It does not cut a text to the limit, see [MaxBody]; does not escape; does not
// see that a comment was minimised, which REST does not tell; and gives a token
// to no host but the one it was made for.
package pullrequest
