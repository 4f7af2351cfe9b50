/// The loops of the CSV reader over bytes: find fields, make values. No objects a field, no virtual
/// calls; what a loop can't read it leaves to the general path.
@NullMarked
package dev.quiver.io.csv.kernel;

import org.jspecify.annotations.NullMarked;
