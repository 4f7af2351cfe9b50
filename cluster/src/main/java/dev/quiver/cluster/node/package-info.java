/// The processes of a cluster: schedulers and workers, and the network between them.
@NullMarked
package dev.quiver.cluster.node;

import org.jspecify.annotations.NullMarked;
