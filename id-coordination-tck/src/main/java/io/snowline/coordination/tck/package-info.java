/** The contract of the coordination SPI as a JUnit kit: a coordinator's own test extends it. */
@NullMarked
package io.snowline.coordination.tck;

import org.jspecify.annotations.NullMarked;
