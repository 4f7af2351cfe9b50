@NullMarked
package dev.quiver.cluster.log;

import org.jspecify.annotations.NullMarked;
