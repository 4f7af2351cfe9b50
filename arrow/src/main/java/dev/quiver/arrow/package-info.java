/// Batches of frames as Arrow's Java classes have them, for libraries that speak Arrow.
@NullMarked
package dev.quiver.arrow;

import org.jspecify.annotations.NullMarked;
