/// Columns made value by value, for formats that come a row at a time.
@NullMarked
package dev.quiver.io.rows;

import org.jspecify.annotations.NullMarked;
