/** The protocol that leases node ids and reserves windows over the coordinator SPI. Not exported. */
@NullMarked
package io.snowline.lease;

import org.jspecify.annotations.NullMarked;
