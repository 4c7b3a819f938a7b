/** Bounds of what Jetty leaves unbounded: how many connections there are, and for how long a request may take. */
@NullMarked
package io.snowline.server.connections;

import org.jspecify.annotations.NullMarked;
