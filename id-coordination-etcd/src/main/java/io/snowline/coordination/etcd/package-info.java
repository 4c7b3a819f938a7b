/** Coordination through etcd: one transaction per step. */
@NullMarked
package io.snowline.coordination.etcd;

import org.jspecify.annotations.NullMarked;
