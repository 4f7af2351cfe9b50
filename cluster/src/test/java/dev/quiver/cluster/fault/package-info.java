/// Clusters of real processes, and what is done to them.
@NullMarked
package dev.quiver.cluster.fault;

import org.jspecify.annotations.NullMarked;
