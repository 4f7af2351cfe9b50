/// Columns and chunks in Arrow layout, over counted memory.
@NullMarked
package dev.quiver.columnar;

import org.jspecify.annotations.NullMarked;
