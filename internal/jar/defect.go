package jar

// Defect is something about an archive that is not as it should be.
type Defect struct {
	Code   Code
	Entry  string // untrusted
	Detail string // plain, ours
}

// Code names a kind of defect.
type Code string

// Defects that keep every JVM, or a current one, from opening the archive.
const (
	Empty        Code = "empty"
	NotZip       Code = "not-zip"
	Broken       Code = "broken"        // the directory, or a record of it, is cut off or inconsistent
	TooLarge     Code = "too-large"     // more than MaxEntries or MaxDirectory
	Encrypted    Code = "encrypted"     // the JDK refuses the whole archive
	Method       Code = "method"        // neither stored nor deflated: likewise
	NameEncoding Code = "name-encoding" // a name or comment that is no UTF-8: likewise, from Java 9 on
)

// Defects of single entries.
const (
	NotFound     Code = "not-found"
	Duplicate    Code = "duplicate"     // two entries of one name: the JVM takes the last
	Count        Code = "count"         // the end record counts other entries than there are
	Link         Code = "link"          // a symbolic link, which the JVM reads as a file
	Overlap      Code = "overlap"       // two entries share bytes, as in a zip bomb
	LocalHeader  Code = "local-header"  // not where the directory says: the JVM cannot read it
	LocalDiffers Code = "local-differs" // its own header says otherwise: the JVM takes the directory's word
	Misplaced    Code = "misplaced"     // in or behind the directory, where the JVM reads it
	Corrupt      Code = "corrupt"       // does not unpack, or to another length
	Checksum     Code = "checksum"      // unpacks to other bytes than its checksum, which the JVM does not look at
	NamePath     Code = "name-path"     // absolute, with .., a backslash or an invisible character
	Prefix       Code = "prefix"        // something stands before the first entry
	Suffix       Code = "suffix"        // something stands behind the end record
	Bomb         Code = "bomb"          // unpacks to far more than is plausible
	BadClass     Code = "bad-class"     // a .class that is none
	BadManifest  Code = "bad-manifest"  // the JVM refuses it, and with it every class of the archive
	EntryTooLong Code = "entry-too-long"
)

func (c Code) fatal() bool {
	switch c {
	case Empty, NotZip, Broken, TooLarge, Encrypted, Method, NameEncoding:
		return true
	}
	return false
}
