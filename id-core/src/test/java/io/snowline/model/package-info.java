/** Runs the check of the formal model in {@code docs/model} as part of the build. */
@NullMarked
package io.snowline.model;

import org.jspecify.annotations.NullMarked;
