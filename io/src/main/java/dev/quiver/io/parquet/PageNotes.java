package dev.quiver.io.parquet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.format.BoundaryOrder;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.Statistics;

/// What a writer notes of the data pages of one column of a row group, for the page index.
final class PageNotes {
    private final List<PageLocation> places = new ArrayList<>();
    private final List<Boolean> nullPages = new ArrayList<>();
    private final List<ByteBuffer> min = new ArrayList<>();
    private final List<ByteBuffer> max = new ArrayList<>();
    private final List<Long> nulls = new ArrayList<>();

    /// Whether each page that has values has bounds; a page of NaN has none.
    private boolean bounded = true;

    /// @param offset from the first data page on
    /// @param bytes of the page with its header
    void add(long offset, long bytes, long firstRow, int rows, int values, Statistics bounds) {
        places.add(new PageLocation(offset, Math.toIntExact(bytes), firstRow));
        boolean known = bounds.isSetMin_value() && bounds.isSetMax_value();
        bounded &= known || values == 0;
        nullPages.add(values == 0);
        min.add(known ? bounds.min_value : ByteBuffer.allocate(0));
        max.add(known ? bounds.max_value : ByteBuffer.allocate(0));
        nulls.add((long) rows - values);
    }

    /// Where the pages lie.
    ///
    /// @param from of the first data page in the file
    OffsetIndex offsets(long from) {
        for (PageLocation place : places) place.setOffset(place.offset + from);
        return new OffsetIndex(List.copyOf(places));
    }

    Optional<ColumnIndex> bounds() {
        if (!bounded) return Optional.empty();
        var index =
                new ColumnIndex(
                        List.copyOf(nullPages),
                        List.copyOf(min),
                        List.copyOf(max),
                        BoundaryOrder.UNORDERED);
        index.setNull_counts(List.copyOf(nulls));
        return Optional.of(index);
    }
}
