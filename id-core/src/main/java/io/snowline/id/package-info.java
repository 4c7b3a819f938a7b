/** What an ID is made of, how it is written as text, and the generators that issue IDs. */
@NullMarked
package io.snowline.id;

import org.jspecify.annotations.NullMarked;
