/// A whole cluster in one thread, from one seed: scheduler and workers as they are, with a network,
/// a clock and accidents that are made up.
@NullMarked
package dev.quiver.simulation;

import org.jspecify.annotations.NullMarked;
