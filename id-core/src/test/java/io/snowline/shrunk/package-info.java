/** A program that is shrunk together with the library. */
@NullMarked
package io.snowline.shrunk;

import org.jspecify.annotations.NullMarked;
