/// Sessions on a cluster.
@NullMarked
package dev.quiver.cluster.client;

import org.jspecify.annotations.NullMarked;
