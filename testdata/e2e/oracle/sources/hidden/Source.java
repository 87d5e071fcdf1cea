package example.hidden;

/** A data source that nobody else sees. */
class Source extends example.alias.Source {
	@Override
	public String shortName() {
		return "example-hidden";
	}
}
