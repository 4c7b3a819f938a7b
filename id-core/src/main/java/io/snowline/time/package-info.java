/** Clocks, and the arithmetic between instants and positions. */
@NullMarked
package io.snowline.time;

import org.jspecify.annotations.NullMarked;
