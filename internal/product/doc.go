// Package product holds what a new product of AWS Marketplace is made of, the guide's
// step 2: its texts and its repositories, as product.yaml or flags have them, with
// the place of each.
//
// What AWS refuses of it, and says so, is a problem here, as far as it can be known
// without AWS. It does not ask AWS anything, and does not know prices: people set
// those in the portal.
package product
