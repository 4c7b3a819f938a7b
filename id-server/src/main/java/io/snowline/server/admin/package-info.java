/** What operators look at: health, metrics for Prometheus, and who holds which node id. */
@NullMarked
package io.snowline.server.admin;

import org.jspecify.annotations.NullMarked;
