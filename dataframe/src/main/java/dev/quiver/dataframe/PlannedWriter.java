package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.WriteOptions;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.Database;
import dev.quiver.operator.TableMode;
import dev.quiver.operator.WriteTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A writer that remembers what it was told.
record PlannedWriter(
        PlannedFrame frame,
        WriteOptions.Mode mode,
        List<String> folders,
        String codec,
        CsvFormat format,
        Optional<ChunkSize> size)
        implements FrameWriter {
    static PlannedWriter of(PlannedFrame frame) {
        return new PlannedWriter(
                frame,
                WriteOptions.Mode.CREATE,
                List.of(),
                "",
                CsvFormat.DEFAULT,
                Optional.empty());
    }

    @Override
    public FrameWriter overwrite() {
        return with(WriteOptions.Mode.OVERWRITE);
    }

    @Override
    public FrameWriter append() {
        return with(WriteOptions.Mode.APPEND);
    }

    private FrameWriter with(WriteOptions.Mode wanted) {
        if (mode != WriteOptions.Mode.CREATE && mode != wanted) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "overwrite() and append() on one write",
                    List.of(),
                    "keep the one that you mean");
        }
        return new PlannedWriter(frame, wanted, folders, codec, format, size);
    }

    @Override
    public FrameWriter partitionBy(String first, String... more) {
        LogicalPlan plan = frame.plan();
        var names = new ArrayList<String>();
        names.add(first);
        names.addAll(List.of(more));
        for (String name : names) plan.schema().indexOf(name, plan.place());
        if (names.size() >= plan.schema().size()) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "partitionBy(…) with all columns: the files would have none",
                    List.of("columns: " + String.join(", ", plan.schema().names())),
                    "leave at least one column out");
        }
        return new PlannedWriter(frame, mode, List.copyOf(names), codec, format, size);
    }

    @Override
    public FrameWriter compression(String name) {
        if (!List.of("none", "snappy", "zstd", "gzip").contains(name)) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "no compression '%s'".formatted(name),
                    List.of(
                            "has: none, snappy, zstd (Parquet), none, gzip, zstd (CSV, JSON), none,"
                                    + " zstd (Arrow)"),
                    "use one of these");
        }
        return new PlannedWriter(frame, mode, folders, name, format, size);
    }

    @Override
    public FrameWriter delimiter(char delimiter) {
        return withFormat(format.withDelimiter(delimiter));
    }

    @Override
    public FrameWriter escape(char sign) {
        return withFormat(format.withText(format.text().withEscape(sign)));
    }

    @Override
    public FrameWriter header(boolean header) {
        return withFormat(format.withHeader(header));
    }

    @Override
    public FrameWriter nulls(String text) {
        return withFormat(format.withNulls(text.isEmpty() ? List.of() : List.of(text)));
    }

    private FrameWriter withFormat(CsvFormat changed) {
        return new PlannedWriter(frame, mode, folders, codec, changed, size);
    }

    @Override
    public FrameWriter fileSize(ChunkSize wanted) {
        return new PlannedWriter(frame, mode, folders, codec, format, Optional.of(wanted));
    }

    @Override
    public Written csv(String path) {
        return write(WriteTarget.Format.CSV, path, List.of("none", "gzip", "zstd"));
    }

    @Override
    public Written jsonl(String path) {
        return write(WriteTarget.Format.JSONL, path, List.of("none", "gzip", "zstd"));
    }

    @Override
    public Written arrow(String path) {
        return write(WriteTarget.Format.ARROW, path, List.of("none", "zstd"));
    }

    @Override
    public Written arrowStream(String path) {
        return write(WriteTarget.Format.ARROW_STREAM, path, List.of("none", "zstd"));
    }

    @Override
    public TableWriter jdbc(String url) {
        return jdbc(url, "", "");
    }

    @Override
    public TableWriter jdbc(String url, String user, String password) {
        if (!folders.isEmpty() || !codec.isEmpty() || !format.equals(CsvFormat.DEFAULT))
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "options of files on a write into a database",
                    List.of("options: partitionBy, compression, delimiter, header"),
                    "leave them out");
        TableMode wanted =
                switch (mode) {
                    case CREATE -> TableMode.CREATE;
                    case OVERWRITE -> TableMode.OVERWRITE;
                    case APPEND -> TableMode.APPEND;
                };
        var database = new Database(url, user, password);
        return new PlannedTableWriter(frame, database, wanted, List.of());
    }

    @Override
    public Written parquet(String path) {
        return write(WriteTarget.Format.PARQUET, path, List.of("snappy", "zstd", "none"));
    }

    private Written write(WriteTarget.Format target, String path, List<String> codecs) {
        if (!codec.isEmpty() && !codecs.contains(codec)) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "%s files can't be compressed with %s".formatted(target, codec),
                    List.of("has: " + String.join(", ", codecs)),
                    "use one of these");
        }
        if (path.isEmpty()) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "a write to the path \"\"",
                    List.of(),
                    "name a file, or a directory with a / at its end");
        }
        return frame.runner()
                .write(
                        frame.plan(),
                        new WriteOptions(target, path, mode, folders, codec, format, size));
    }
}
