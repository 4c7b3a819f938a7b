/** The YAML configuration: how it is read, checked, and turned into settings. */
@NullMarked
package io.snowline.server.config;

import org.jspecify.annotations.NullMarked;
