/**
 * What all coordinators share, so that a name, login or duration is valid for all of them or for none; and what is said to
 * people alike wherever generators are started.
 */
@NullMarked
package io.snowline.coordination.support;

import org.jspecify.annotations.NullMarked;
