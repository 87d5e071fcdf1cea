package example.pkg;

/** A data source that is found by its package. */
public class DefaultSource extends example.alias.Source {
}
