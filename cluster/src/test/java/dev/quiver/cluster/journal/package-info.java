@NullMarked
package dev.quiver.cluster.journal;

import org.jspecify.annotations.NullMarked;
