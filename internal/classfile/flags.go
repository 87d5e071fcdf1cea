package classfile

// Flags are the access_flags of a class (§4.1, table 4.1-B) or of a method
// (§4.6, table 4.6-A). Those of a nested class are what the JVM checks access
// by, not what its source says: protected has become public, private none.
type Flags uint16

const (
	accPublic    Flags = 0x0001
	accStatic    Flags = 0x0008
	accFinal     Flags = 0x0010
	accInterface Flags = 0x0200
	accAbstract  Flags = 0x0400
	accModule    Flags = 0x8000
)

// Public is ACC_PUBLIC.
func (f Flags) Public() bool { return f&accPublic != 0 }

// Static is ACC_STATIC of a method.
func (f Flags) Static() bool { return f&accStatic != 0 }

// Final is ACC_FINAL.
func (f Flags) Final() bool { return f&accFinal != 0 }

// Interface is ACC_INTERFACE of a class, which annotations have too.
func (f Flags) Interface() bool { return f&accInterface != 0 }

// Abstract is ACC_ABSTRACT, which interfaces have too.
func (f Flags) Abstract() bool { return f&accAbstract != 0 }

// Module is ACC_MODULE: the file is a module-info, not a class.
func (f Flags) Module() bool { return f&accModule != 0 }
