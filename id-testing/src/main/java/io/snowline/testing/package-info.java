/** What the tests of several modules share: real servers of every backend, what disturbs them, and waiting for them. */
@NullMarked
package io.snowline.testing;

import org.jspecify.annotations.NullMarked;
