/** Measures the HTTP service beside a bare Dropwizard. */
@NullMarked
package io.snowline.load;

import org.jspecify.annotations.NullMarked;
