package example.inherited;

/** Is not registered itself. */
public abstract class Base extends example.alias.Source {
	@Override
	public String shortName() {
		return "example-inherited";
	}
}
