/** The coordinator SPI: what a backend implements, and its exceptions. */
@NullMarked
package io.snowline.coordination;

import org.jspecify.annotations.NullMarked;
