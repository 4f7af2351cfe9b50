/// What the processes of a cluster tell each other, as messages and as bytes.
@NullMarked
package dev.quiver.cluster.control;

import org.jspecify.annotations.NullMarked;
