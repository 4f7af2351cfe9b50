@NullMarked
package dev.quiver.cluster.log.state;

import org.jspecify.annotations.NullMarked;
