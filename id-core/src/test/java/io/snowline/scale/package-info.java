/** What thousands of processes do to one store: the real protocol code on simulated time. */
@NullMarked
package io.snowline.scale;

import org.jspecify.annotations.NullMarked;
