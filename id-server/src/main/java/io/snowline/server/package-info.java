/** The server: Snowline behind HTTP, on Dropwizard. */
@NullMarked
package io.snowline.server;

import org.jspecify.annotations.NullMarked;
