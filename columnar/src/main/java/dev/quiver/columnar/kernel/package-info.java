/// Loops over columns: gathering, hashing, grouping, joining, sorting.
@NullMarked
package dev.quiver.columnar.kernel;

import org.jspecify.annotations.NullMarked;
