/** The layout of IDs, their text formats, and the generators that issue them. */
@NullMarked
package io.snowline.id;

import org.jspecify.annotations.NullMarked;
