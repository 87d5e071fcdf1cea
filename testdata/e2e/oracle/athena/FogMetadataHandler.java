package example.athena.fog;

/** Is a handler, with a partner that is none. */
public class FogMetadataHandler extends example.athena.cloud.CloudMetadataHandler {
}
