/** Checks that all coordinators share, so that a name, login or duration is valid for all of them or for none. */
@NullMarked
package io.snowline.coordination.support;

import org.jspecify.annotations.NullMarked;
