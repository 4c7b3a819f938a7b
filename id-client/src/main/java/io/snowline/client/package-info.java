/** A client of the service that issues IDs in memory, from ranges. */
@NullMarked
package io.snowline.client;

import org.jspecify.annotations.NullMarked;
