package example.athena.fog;

/** Is called a handler and is none. */
public class FogRecordHandler {
}
