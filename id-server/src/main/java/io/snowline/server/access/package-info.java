/** Who may ask, and how much: tokens, and bounds for addresses, clients and the whole server. */
@NullMarked
package io.snowline.server.access;

import org.jspecify.annotations.NullMarked;
