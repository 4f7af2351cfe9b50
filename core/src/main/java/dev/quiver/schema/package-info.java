/// Names and types of columns: the part of a frame that is known before any data is read.
@NullMarked
package dev.quiver.schema;

import org.jspecify.annotations.NullMarked;
