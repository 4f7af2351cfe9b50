/// How many workers a cluster should have, as a function of what there is to do.
///
/// [ScalingState] looks at the cluster now and then and decides who is to start and to leave; it
/// starts nothing itself.
@NullMarked
package dev.quiver.scheduler.scaling.state;

import org.jspecify.annotations.NullMarked;
