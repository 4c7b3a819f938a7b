/** What threads do besides giving answers. */
@NullMarked
package io.snowline.server.threads;

import org.jspecify.annotations.NullMarked;
