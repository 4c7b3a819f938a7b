/** Servers for tests: inside this process, and as a process of their own. */
@NullMarked
package io.snowline.server.testing;

import org.jspecify.annotations.NullMarked;
