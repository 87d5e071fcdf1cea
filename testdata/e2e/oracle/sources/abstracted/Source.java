package example.abstracted;

/** A data source for others to extend. */
public abstract class Source extends example.alias.Source {
	@Override
	public String shortName() {
		return "example-abstracted";
	}
}
