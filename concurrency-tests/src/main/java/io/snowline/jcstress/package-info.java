/** Concurrency checks of the generator on real threads; {@link io.snowline.jcstress.Suite} runs them. */
@NullMarked
package io.snowline.jcstress;

import org.jspecify.annotations.NullMarked;
