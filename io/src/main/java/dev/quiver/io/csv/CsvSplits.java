package dev.quiver.io.csv;

import dev.quiver.operator.FileRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Cuts CSV files into ranges that are read apart.
public final class CsvSplits {
    /// About so many bytes are a range: enough that opening costs nothing, few enough that all
    /// workers have some.
    public static final long RANGE_BYTES = 16L << 20;

    private CsvSplits() {}

    /// The ranges of some files, in order. A compressed file is one range, for it can be read from
    /// its begin alone, and so is an empty file.
    ///
    /// @throws dev.quiver.error.QuiverException FILE_NOT_FOUND
    public static List<FileRange> of(List<Path> files) {
        return of(files, RANGE_BYTES);
    }

    /// As above, with ranges of about `rangeBytes`, at least half and at most one and a half of it.
    public static List<FileRange> of(List<Path> files, long rangeBytes) {
        var ranges = new ArrayList<FileRange>();
        for (Path file : files) {
            FileRange whole = ByteSource.whole(file);
            if (whole.size() <= rangeBytes || ByteSource.isCompressed(file)) ranges.add(whole);
            else cut(whole, rangeBytes, ranges);
        }
        return ranges;
    }

    private static void cut(FileRange whole, long rangeBytes, List<FileRange> ranges) {
        long count = Math.max(1, (whole.size() + rangeBytes / 2) / rangeBytes);
        for (long i = 0; i < count; i++) {
            ranges.add(
                    new FileRange(
                            whole.path(),
                            at(whole.size(), i, count),
                            at(whole.size(), i + 1, count),
                            whole.size(),
                            whole.modifiedNanos()));
        }
    }

    private static long at(long size, long index, long count) {
        return Math.multiplyHigh(size, index) == 0 ? size * index / count : size / count * index;
    }
}
