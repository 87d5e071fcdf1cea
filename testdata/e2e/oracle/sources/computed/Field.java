package example.computed;

/** As Scala compiles val shortName = "example-field". */
public class Field extends example.alias.Source {
	private final String shortName = new String("example-field");

	@Override
	public String shortName() {
		return shortName;
	}
}
