/** The commands besides {@code server}: check, decode, nodes, audit. */
@NullMarked
package io.snowline.server.cli;

import org.jspecify.annotations.NullMarked;
