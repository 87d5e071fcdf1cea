package example.computed;

/** A data source whose alias is no constant. */
public class Source extends example.alias.Source {
	private static final String[] NAMES = {"example", "computed"};

	@Override
	public String shortName() {
		return String.join("-", NAMES);
	}
}
