package dev.quiver.io.parquet;

import java.lang.foreign.MemorySegment;
import org.apache.parquet.format.Encoding;

/// An unpacked page: values, and where they are.
///
/// The segment has 16 readable bytes behind `to`, and is valid until the next page is read.
///
/// @param values in the page, nulls among them
/// @param levelsFrom where the run-length encoded definition levels begin in `data`; they end at
///   `levelsTo`, and are empty where no value can be null
record Page(
        boolean dictionary,
        int values,
        Encoding encoding,
        MemorySegment data,
        long levelsFrom,
        long levelsTo,
        long from,
        long to) {
    long bytes() {
        return to - from;
    }
}
