/// Quiver beside its peers: whole queries through the user's API, in turns, on the same data.
@NullMarked
package dev.quiver.benchmarks;

import org.jspecify.annotations.NullMarked;
