package example.second;

/** Another data source with the first one's alias, said anew. */
public class Source extends example.alias.Source {
	@Override
	public String shortName() {
		return "EXAMPLEALIAS";
	}
}
