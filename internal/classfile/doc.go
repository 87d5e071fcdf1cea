// Package classfile reads the parts of a Java class file that checks need
// (JVMS 25 §4, https://docs.oracle.com/javase/specs/jvms/se25/html/jvms-4.html):
// its version, flags, names, methods, the classes it names, and the constant
// that a method returns.
//
// There are three depths, and each costs what it reads: [ParseVersion] takes
// the first 8 bytes, [Decoder.ReadHeader] stops after the interfaces, and
// [Decoder.ReadClass] reads the whole file.
//
// It promises that any input ends in a result or an error, in time and memory
// linear in the bytes read, of which there are at most [MaxSize]; that a class
// up to that size which the JVM can define is read without an error; and that an error names
// the part, the offset and what is wrong, but holds no text of the file.
//
// It does not promise that the JVM can load what it reads. It checks the
// structure, and every index and constant (§4.8), but verifies no code (§4.10),
// no descriptor, no combination of flags, and no content of an attribute other
// than what [Class.Returned] and [Class.FieldValue] look at.
package classfile

// MaxSize is the size of the largest class file that is read. The JVM has no
// such limit, but a compiler does not come near it.
const MaxSize = 16 << 20
