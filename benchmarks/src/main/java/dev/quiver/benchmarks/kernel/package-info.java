/// What the loops over columns cost: one thread, a million rows, nanoseconds a row.
@NullMarked
package dev.quiver.benchmarks.kernel;

import org.jspecify.annotations.NullMarked;
