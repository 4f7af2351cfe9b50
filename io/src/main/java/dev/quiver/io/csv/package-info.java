/// CSV: from bytes to typed chunks by way of an index of fields, and back.
@NullMarked
package dev.quiver.io.csv;

import org.jspecify.annotations.NullMarked;
