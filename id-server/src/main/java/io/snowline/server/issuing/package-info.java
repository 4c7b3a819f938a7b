/** Generators as the server runs them: started and stopped with it, watched, measured. */
@NullMarked
package io.snowline.server.issuing;

import org.jspecify.annotations.NullMarked;
