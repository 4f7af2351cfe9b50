/// What surrounds the scheduler's state in a process: its inbox, its clock and the links to clients
/// and workers.
@NullMarked
package dev.quiver.scheduler.server;

import org.jspecify.annotations.NullMarked;
