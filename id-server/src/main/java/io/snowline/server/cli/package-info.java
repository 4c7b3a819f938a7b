/** The commands: server, check, create, decode, nodes, audit. */
@NullMarked
package io.snowline.server.cli;

import org.jspecify.annotations.NullMarked;
