/** The coordinator SPI, and the protocol that leases node ids and reserves windows over it. */
@NullMarked
package io.snowline.coordination;

import org.jspecify.annotations.NullMarked;
