package dev.quiver.io.parquet;

import dev.quiver.io.parquet.kernel.LevelDecoder;
import java.lang.foreign.MemorySegment;
import org.apache.parquet.format.Encoding;

/// An unpacked page: values, and where they are.
///
/// The segment has 16 readable bytes behind `to`, and is valid until the next page is read.
///
/// @param values in the page, nulls among them
/// @param repetitions levels, empty in flat columns
/// @param definitions levels, empty where no value can be null
record Page(
        boolean dictionary,
        int values,
        Encoding encoding,
        MemorySegment data,
        Levels repetitions,
        Levels definitions,
        long from,
        long to) {
    /// Bytes `[from, to)` of the page that hold levels.
    ///
    /// @param packed bit-packed from the highest bit of each byte on, as old writers did; else
    ///   run-length encoded
    record Levels(long from, long to, boolean packed) {
        static final Levels NONE = new Levels(0, 0, false);

        boolean isEmpty() {
            return to <= from;
        }

        LevelDecoder decoder(MemorySegment data, int max, int count) {
            return new LevelDecoder(data, from, to, max, packed ? count : -1);
        }
    }

    long bytes() {
        return to - from;
    }
}
