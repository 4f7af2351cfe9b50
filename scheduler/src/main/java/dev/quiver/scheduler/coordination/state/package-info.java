/// What clients share under names to wait for each other: locks, semaphores, events, queues,
/// variables, latches, topics and counters, as a pure state machine.
///
/// [CoordinationState] takes in what clients ask, one after the other, and hands out answers. Who
/// has to wait is parked and answered when somebody else's request makes that possible; no time
/// passes in here: a client that doesn't want to wait any longer abandons its request. What a
/// client holds is given back when it is lost.
///
/// The same requests in the same order give the same answers, so that a log of them is enough to go
/// on for a scheduler that has ended; [CoordinationState#facts()] stand for all that came before.
@NullMarked
package dev.quiver.scheduler.coordination.state;

import org.jspecify.annotations.NullMarked;
