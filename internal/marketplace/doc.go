// Package marketplace adds versions to products of AWS Marketplace, mends and restricts
// them, makes products, and knows how change sets go there.
//
// A publication, like any other change, decides by what the world holds, so the same run may be made again
// after any end of it, also a kill. Its states, and how it goes from one to the
// next, are those of [State]:
//
//	   ┌──────────────────────────────────────────────────────┐
//	   ▼                                                      │
//	Looking ── the version is there, as wanted ──────► Done   │
//	   │  │ ── the version is there, but another ────► Taken  │
//	   │  │ ── our change set has succeeded ─────────► Done   │
//	   │  │ ── AWS has refused the very same for good ► Refused
//	   │  └─── our change set is running ──► Awaiting         │
//	   ▼                                       ▲              │
//	Starting ── accepted ──────────────────────┘              │
//	   └─────── the product is locked ──► Blocked ── later ───┤
//	                                                          │
//	Awaiting ── SUCCEEDED ────► Done                          │
//	   │ ────── CANCELLED ────► Cancelled                     │
//	   │ ────── FAILED, by the request ► Refused              │
//	   └─────── FAILED, by AWS ── up to three times ──────────┘
//
// What makes a change set ours is its name: it ends with a digest of the product,
// of all that the set changes, and of the digests of the images. Its token for
// StartChangeSet is that digest with the number of the attempt, which is one more
// than there are ended change sets of the name. So a start whose answer was lost is
// found by its name, or else is the same start to AWS. A product that is to be created
// has no change sets to look at yet: they are found by their name alone. A change that
// can be made more than once, such as that of a text, is there if the product shows it,
// or if the set that made it is the last one of the product.
//
// Nothing else of this package writes. The Catalog API is in us-east-1 alone.
package marketplace

// State is where a publication is.
type State string

// The states. Those from Done on are ends.
const (
	Looking   State = "looking"
	Starting  State = "starting"
	Blocked   State = "blocked" // another change set holds the product
	Awaiting  State = "awaiting"
	Done      State = "done"
	Taken     State = "taken"
	Refused   State = "refused"
	Cancelled State = "cancelled"
)
