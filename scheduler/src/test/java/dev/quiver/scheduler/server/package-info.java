/// What surrounds the scheduler's state.
@NullMarked
package dev.quiver.scheduler.server;

import org.jspecify.annotations.NullMarked;
