package dev.quiver.dataframe.plan;

import dev.quiver.operator.CsvFormat;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a reader was told.
///
/// @param schema declared by the user
/// @param types declared by column, in the order in which they were said
/// @param lineMax a size as text, or empty
/// @param chunkRows about how many rows a partition has; 0 = unsaid
/// @param chunkBytes a size as text, or empty
/// @param chunkMemory a size as text, or empty
/// @param verifyChecksums whether pages of Parquet files are compared with their checksums
/// @param sheet which cells of workbooks are read
public record ReadOptions(
        Optional<Schema> schema,
        Map<String, DataType> types,
        CsvFormat format,
        String lineMax,
        long chunkRows,
        String chunkBytes,
        String chunkMemory,
        boolean verifyChecksums,
        SheetOptions sheet) {
    /// Nothing was said.
    public static final ReadOptions DEFAULT =
            new ReadOptions(
                    Optional.empty(),
                    Map.of(),
                    CsvFormat.DEFAULT,
                    "",
                    0,
                    "",
                    "",
                    true,
                    SheetOptions.DEFAULT);

    public ReadOptions {
        types = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(types));
    }

    /// The same without comparing checksums, or with it.
    public ReadOptions withVerifyChecksums(boolean verify) {
        return new ReadOptions(
                schema, types, format, lineMax, chunkRows, chunkBytes, chunkMemory, verify, sheet);
    }

    /// The same with other cells of workbooks.
    public ReadOptions withSheet(SheetOptions changed) {
        return new ReadOptions(
                schema,
                types,
                format,
                lineMax,
                chunkRows,
                chunkBytes,
                chunkMemory,
                verifyChecksums,
                changed);
    }
}
