package example.hidden;

/** A data source that is not public, although its constructor is. */
class Open extends example.alias.Source {
	public Open() {
	}

	@Override
	public String shortName() {
		return "example-open";
	}
}
