/** The contract of the coordination SPI as a JUnit kit, which a coordinator's own test extends. */
@NullMarked
package io.snowline.coordination.tck;

import org.jspecify.annotations.NullMarked;
