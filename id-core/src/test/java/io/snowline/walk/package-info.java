/** The real protocol code, walked exhaustively at small bounds: every order of events, every lost message, every crash. */
@NullMarked
package io.snowline.walk;

import org.jspecify.annotations.NullMarked;
