/// The inner loops of Parquet: bit-packing, delta encodings, LZ4, bitmaps. They trust no length
/// that comes from a file.
@NullMarked
package dev.quiver.io.parquet.kernel;

import org.jspecify.annotations.NullMarked;
