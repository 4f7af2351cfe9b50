/// The user's words: frames, expressions, tables. They become a logical plan and touch no data.
@NullMarked
package dev.quiver.dataframe;

import org.jspecify.annotations.NullMarked;
