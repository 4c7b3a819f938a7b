/** Coordination through ZooKeeper: one server or an ensemble. */
@NullMarked
package io.snowline.coordination.zookeeper;

import org.jspecify.annotations.NullMarked;
