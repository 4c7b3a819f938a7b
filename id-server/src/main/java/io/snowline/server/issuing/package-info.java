/** Generators as the calls see them: without blocking, in turn, measured. */
@NullMarked
package io.snowline.server.issuing;

import org.jspecify.annotations.NullMarked;
