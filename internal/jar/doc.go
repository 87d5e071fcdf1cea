// Package jar reads what is in a jar, as the JVM of a Glue job reads it: its
// directory, its classes, and the few files that decide how it is loaded.
//
// A jar comes from a stranger. Whatever is wrong with one is a Defect and never
// an error or a panic; time and memory are bounded by the size of the file, not
// by what the file claims: nothing is allocated by a claimed size, nothing is
// unpacked but the entries that are named here, each to a limit, and archives
// inside of archives are not opened. Where Go's own reader and the JVM differ
// (repeated names, encrypted entries, names that are no UTF-8), the JVM's way
// is followed and the difference is reported.
package jar
