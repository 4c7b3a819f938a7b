/** What operators look at besides what the bundle shows: the console, and metrics for Prometheus. */
@NullMarked
package io.snowline.server.admin;

import org.jspecify.annotations.NullMarked;
