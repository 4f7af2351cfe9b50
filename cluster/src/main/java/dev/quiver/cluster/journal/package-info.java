/// What a scheduler was told and decided, in a file, and the way to see it decide again.
@NullMarked
package dev.quiver.cluster.journal;

import org.jspecify.annotations.NullMarked;
