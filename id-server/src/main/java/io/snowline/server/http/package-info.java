/** The HTTP calls: what is asked for, what is answered, and how it is written. */
@NullMarked
package io.snowline.server.http;

import org.jspecify.annotations.NullMarked;
