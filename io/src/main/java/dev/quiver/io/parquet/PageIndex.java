package dev.quiver.io.parquet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.jspecify.annotations.Nullable;

/// Where the data pages of a flat column lie in a row group, which rows they hold, and what bounds
/// their values have.
final class PageIndex {
    private final long rows;
    private final List<PageLocation> pages;
    private final List<ColumnStatistics> statistics;

    private PageIndex(long rows, List<PageLocation> pages, List<ColumnStatistics> statistics) {
        this.rows = rows;
        this.pages = pages;
        this.statistics = statistics;
    }

    /// An index, or nothing where it makes no sense.
    ///
    /// @param bounds null where the file has none; then nothing is known of the values
    static Optional<PageIndex> of(
            FileColumn column,
            ColumnPlace place,
            OffsetIndex offsets,
            @Nullable ColumnIndex bounds) {
        List<PageLocation> pages = offsets.page_locations;
        if (pages == null || pages.isEmpty() || pages.getFirst().first_row_index != 0)
            return Optional.empty();
        for (int i = 0; i < pages.size(); i++) {
            PageLocation page = pages.get(i);
            long nextRow =
                    i + 1 < pages.size() ? pages.get(i + 1).first_row_index : place.entries();
            long nextPage = i + 1 < pages.size() ? pages.get(i + 1).offset : place.to();
            if (page.first_row_index >= nextRow
                    || page.offset < place.from()
                    || page.offset >= nextPage
                    || nextPage > place.to()) return Optional.empty();
        }
        var index = new PageIndex(place.entries(), pages, List.of());
        if (bounds == null) return Optional.of(index);
        return Optional.of(new PageIndex(place.entries(), pages, index.statistics(column, bounds)));
    }

    private List<ColumnStatistics> statistics(FileColumn column, ColumnIndex bounds) {
        int count = pages.size();
        boolean whole =
                bounds.null_pages != null
                        && bounds.null_pages.size() == count
                        && bounds.min_values != null
                        && bounds.min_values.size() == count
                        && bounds.max_values != null
                        && bounds.max_values.size() == count;
        if (!whole) return List.of();
        boolean nulls = bounds.null_counts != null && bounds.null_counts.size() == count;
        var all = new ArrayList<ColumnStatistics>(count);
        for (int i = 0; i < count; i++)
            all.add(
                    StatisticsReader.page(
                            column,
                            bounds.null_pages.get(i),
                            bounds.min_values.get(i),
                            bounds.max_values.get(i),
                            nulls && bounds.null_counts.get(i) == 0));
        return all;
    }

    int pages() {
        return pages.size();
    }

    /// The page that holds a row.
    int page(long row) {
        int low = 0;
        int high = pages.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (firstRow(middle) <= row) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    long firstRow(int page) {
        return page == pages.size() ? rows : pages.get(page).first_row_index;
    }

    long offset(int page) {
        return pages.get(page).offset;
    }

    /// What is known of a page; nulls are either all rows, none or not known.
    ColumnStatistics statistics(int page) {
        return statistics.isEmpty() ? ColumnStatistics.UNKNOWN : statistics.get(page);
    }

    boolean hasStatistics() {
        return !statistics.isEmpty();
    }
}
