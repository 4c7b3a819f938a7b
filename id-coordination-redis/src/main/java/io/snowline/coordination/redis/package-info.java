/** Coordination through Redis: single server, Sentinel or Cluster. */
@NullMarked
package io.snowline.coordination.redis;

import org.jspecify.annotations.NullMarked;
