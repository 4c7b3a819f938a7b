/** The audit: looks for duplicates among any number of IDs, in bounded memory, and says what else they tell. */
@NullMarked
package io.snowline.server.audit;

import org.jspecify.annotations.NullMarked;
