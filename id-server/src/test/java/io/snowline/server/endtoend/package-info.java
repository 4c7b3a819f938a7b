/** Several servers from the real jar on one real backend, drained at full speed while they are killed, and every ID checked. */
@NullMarked
package io.snowline.server.endtoend;

import org.jspecify.annotations.NullMarked;
