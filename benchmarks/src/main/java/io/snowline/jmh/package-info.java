/**
 * Benchmarks, compared with the generators of other libraries and the limits of the machine;
 * {@link io.snowline.jmh.Suite} runs them.
 */
@NullMarked
package io.snowline.jmh;

import org.jspecify.annotations.NullMarked;
