/** Measures the HTTP service against a bare Dropwizard. */
@NullMarked
package io.snowline.load;

import org.jspecify.annotations.NullMarked;
