/// What a query means: a tree of immutable records whose schema and row order are known when they
/// are made.
@NullMarked
package dev.quiver.dataframe.plan;

import org.jspecify.annotations.NullMarked;
