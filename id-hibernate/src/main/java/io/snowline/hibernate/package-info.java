/** Snowflake IDs for the entities of Hibernate ORM 6.6 and 7. */
@NullMarked
package io.snowline.hibernate;

import org.jspecify.annotations.NullMarked;
