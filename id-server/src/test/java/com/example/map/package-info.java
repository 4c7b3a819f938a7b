/** A third party's coordinator, over a map in memory: everything that its author has to write, and no more. */
@NullMarked
package com.example.map;

import org.jspecify.annotations.NullMarked;
