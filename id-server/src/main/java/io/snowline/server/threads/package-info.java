/** What threads do beside the answers they give. */
@NullMarked
package io.snowline.server.threads;

import org.jspecify.annotations.NullMarked;
