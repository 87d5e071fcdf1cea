package example.inherited;

/** A data source that has its alias from its superclass. */
public class Source extends Base {
	@Override
	public String toString() {
		return "inherited";
	}
}
