/**
 * Faults on real processes: servers from the real jar are drained while something is done to them or to their backend, and
 * every ID is compared with every other afterwards.
 */
@NullMarked
package io.snowline.server.faults;

import org.jspecify.annotations.NullMarked;
