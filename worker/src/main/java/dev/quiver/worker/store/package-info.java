/// What a worker holds: outputs of tasks and the chunks of held frames.
@NullMarked
package dev.quiver.worker.store;

import org.jspecify.annotations.NullMarked;
