/** Snowline in a Dropwizard application: {@link io.snowline.dropwizard.SnowlineBundle}. */
@NullMarked
package io.snowline.dropwizard;

import org.jspecify.annotations.NullMarked;
