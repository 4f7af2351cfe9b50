@NullMarked
package dev.quiver.cluster.node;

import org.jspecify.annotations.NullMarked;
