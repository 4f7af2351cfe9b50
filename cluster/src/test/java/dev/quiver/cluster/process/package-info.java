@NullMarked
package dev.quiver.cluster.process;

import org.jspecify.annotations.NullMarked;
