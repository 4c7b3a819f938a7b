/** For authors of coordinators: checks that all of them make, so that one name, login or duration is valid for all or for none. */
@NullMarked
package io.snowline.coordination.support;

import org.jspecify.annotations.NullMarked;
