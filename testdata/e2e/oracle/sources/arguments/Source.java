package example.arguments;

/** A data source that Spark cannot make an object of. */
public class Source extends example.alias.Source {
	private final String name;

	public Source(String name) {
		this.name = name;
	}

	@Override
	public String shortName() {
		return "example-arguments";
	}
}
