/** The parts that simulated worlds are built from: the simulation, the walk and the fleet use the same ones. */
@NullMarked
package io.snowline.simulated;

import org.jspecify.annotations.NullMarked;
