/** The embedded default coordinator: a directory, shared by the processes of one machine. */
@NullMarked
package io.snowline.coordination.local;

import org.jspecify.annotations.NullMarked;
