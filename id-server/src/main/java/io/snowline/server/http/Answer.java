package io.snowline.server.http;

/**
 * A body and what it is.
 *
 * @param representation its media type
 * @param body its bytes; whoever has the answer owns them
 */
@SuppressWarnings("ArrayRecordComponent")
record Answer(Representation representation, byte[] body) {}
