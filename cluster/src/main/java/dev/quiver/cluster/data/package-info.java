/// Outputs of tasks on their way between processes, by Arrow Flight.
@NullMarked
package dev.quiver.cluster.data;

import org.jspecify.annotations.NullMarked;
