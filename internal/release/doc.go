// Package release makes what a release of this repository is: static binaries
// that are the same from any two builds, an image of them, and the commit whose
// action.yml names that image by digest. It knows no owner and no registry: both
// come from where it runs. The action and the command line know nothing of it.
package release
