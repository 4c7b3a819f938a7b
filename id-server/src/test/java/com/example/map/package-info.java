/** A coordinator of somebody else's, over a map in memory: what its author has to write, and all of it. */
@NullMarked
package com.example.map;

import org.jspecify.annotations.NullMarked;
