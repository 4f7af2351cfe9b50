/// Files behind frames: which ones a path means, their columns, sizes and rows.
@NullMarked
package dev.quiver.planner.source;

import org.jspecify.annotations.NullMarked;
