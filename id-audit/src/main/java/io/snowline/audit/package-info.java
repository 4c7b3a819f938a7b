/** The audit: looks for duplicates among any number of IDs, in bounded memory, and reports what else the IDs show. */
@NullMarked
package io.snowline.audit;

import org.jspecify.annotations.NullMarked;
