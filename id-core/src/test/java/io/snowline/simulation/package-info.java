/** The whole protocol and the real generator on a simulated store, network, scheduler and clocks, from one seed. */
@NullMarked
package io.snowline.simulation;

import org.jspecify.annotations.NullMarked;
