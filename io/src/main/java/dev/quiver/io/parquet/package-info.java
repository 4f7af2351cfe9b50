/// Parquet files: footers and statistics, chunks out of row groups, files out of chunks.
@NullMarked
package dev.quiver.io.parquet;

import org.jspecify.annotations.NullMarked;
