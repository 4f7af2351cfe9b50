/// Processes that nodes start: supervised workers, and the drivers of submitted programs.
@NullMarked
package dev.quiver.cluster.process;

import org.jspecify.annotations.NullMarked;
