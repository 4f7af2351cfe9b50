/// What surrounds the worker's state in a process: its inbox, the threads of its slots and the
/// engines that run programs.
@NullMarked
package dev.quiver.worker.server;

import org.jspecify.annotations.NullMarked;
