package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.TypeMismatch;
import dev.quiver.expression.Coercion;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.RowOrigin;
import dev.quiver.io.RowOrigins;
import dev.quiver.io.ScanDictionaries;
import dev.quiver.io.parquet.GroupPruning.RowRange;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.FolderValue;
import dev.quiver.operator.RowGroups;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads the row groups of one partition of a Parquet scan.
///
/// Only the columns asked for are read, and only row groups whose statistics leave room for the
/// filter. All columns of a chunk advance together, whatever their pages.
public final class ParquetReader implements ChunkReader {
    private final Source.ScanParquet scan;
    private final RowGroups part;
    private final FileErrors errors;
    private final FileChannel channel;
    private final ParquetFooter footer;
    private final List<Wanted> columns;
    private final GroupPruning pruning;
    private final ScanDictionaries dictionaries;
    private final MemoryAccount account;
    private final Scratch scratch = new Scratch();
    private final List<ColumnSource> readers = new ArrayList<>();
    private int group;
    private final ArrayDeque<RowRange> ranges = new ArrayDeque<>();
    private long row;

    /// Rows of the file before the open row group, and before the chunk given last.
    private long groupRow;

    private long chunkRow;
    private long bytesRead;

    private ParquetReader(
            Source.ScanParquet scan,
            RowGroups part,
            FileChannel channel,
            FileErrors errors,
            DictionarySet dictionaries,
            MemoryAccount account)
            throws IOException {
        this.scan = scan;
        this.part = part;
        this.errors = errors;
        this.channel = channel;
        this.account = account;
        var version = RecentFooters.Version.of(Stores.path(part.path()));
        if (version.size() != part.size() || version.modifiedNanos() != part.modifiedNanos())
            throw errors.changed();
        this.footer = RecentFooters.of(version, channel, errors);
        if (part.to() > footer.groups().size()) throw errors.changed();
        this.group = part.from();
        this.columns = scan.schema().fields().stream().map(this::column).toList();
        KnownColumns known = KnownColumns.of(footer.schema(), part.folders(), scan.schema());
        this.pruning = new GroupPruning(footer, known, scan.filter(), channel);
        this.dictionaries = dictionaries.open(scan.groups().getFirst().path());
    }

    /// Opens a partition of a scan.
    ///
    /// @param dictionaries hold the codes of text columns, shared by all partitions
    /// @param account pays for chunks and for what the reader holds
    /// @throws dev.quiver.error.QuiverException when the file is missing, changed or damaged, or
    ///   has other columns
    public static ParquetReader open(
            Source.ScanParquet scan,
            int partition,
            DictionarySet dictionaries,
            MemoryAccount account) {
        RowGroups part = scan.groups().get(partition);
        var errors = new FileErrors(part.path());
        FileChannel channel;
        try {
            channel = FileChannel.open(Stores.path(part.path()), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw errors.missing();
        } catch (IOException e) {
            throw errors.failed("opening the file", e);
        }
        try {
            return new ParquetReader(scan, part, channel, errors, dictionaries, account);
        } catch (IOException e) {
            close(channel, errors);
            throw errors.failed("reading the footer", e);
        } catch (RuntimeException | Error e) {
            close(channel, errors);
            throw e;
        }
    }

    /// Where a column comes from: the file, or one value for all rows.
    private record Wanted(Field field, Optional<FileNode> node, Optional<Object> value) {}

    private Wanted column(Field wanted) {
        for (FolderValue folder : part.folders())
            if (folder.column().equals(wanted.name()))
                return new Wanted(wanted, Optional.empty(), folder.value());
        OptionalInt index = footer.schema().find(wanted.name());
        if (index.isEmpty()) {
            if (wanted.nullable()) return new Wanted(wanted, Optional.empty(), Optional.empty());
            throw new ColumnNotFound(wanted.name(), part.path(), footer.schema().names());
        }
        FileNode node = footer.column(index.getAsInt());
        DataType type = node.field().type();
        if (!isWider(wanted.type(), type))
            throw new TypeMismatch(
                    "column '%s' is %s in this file, not %s"
                            .formatted(wanted.name(), type, wanted.type()),
                    List.of("file: " + part.path()),
                    "read files of one schema together, the others on their own");
        return new Wanted(wanted, Optional.of(node), Optional.empty());
    }

    private static boolean isWider(DataType wanted, DataType stored) {
        return wanted.equals(stored)
                || (DataType.isOpenText(stored) && DataType.isOpenText(wanted))
                || Coercion.common(stored, wanted).equals(Optional.of(wanted));
    }

    @Override
    public @Nullable Chunk next() {
        while (ranges.isEmpty()) {
            closeGroup();
            if (group >= part.to()) return null;
            openGroup(group++);
        }
        RowRange range = ranges.getFirst();
        if (range.from() > row) {
            for (ColumnSource reader : readers) reader.skip(range.from() - row);
            row = range.from();
        }
        int rows = (int) Math.min(range.to() - row, Chunk.ROWS);
        var parts = new ArrayList<Column>(readers.size());
        try {
            for (ColumnSource reader : readers) parts.add(reader.read(rows));
            chunkRow = groupRow + row;
            row += rows;
            if (row == range.to()) ranges.removeFirst();
            if (row == footer.groups().get(group - 1).rows()) readers.forEach(ColumnSource::end);
            return new Chunk(scan.schema(), parts, rows);
        } catch (RuntimeException | Error e) {
            parts.forEach(Column::close);
            throw e;
        }
    }

    @Override
    public RowOrigins origins() {
        return index ->
                Optional.of(new RowOrigin(part.path(), chunkRow + index + 1, Optional.empty()));
    }

    private void openGroup(int index) {
        try {
            ranges.addAll(pruning.ranges(index));
            row = 0;
            groupRow = footer.groups().subList(0, index).stream().mapToLong(g -> g.rows()).sum();
            if (ranges.isEmpty()) return;
            boolean whole =
                    ranges.getFirst().equals(new RowRange(0, footer.groups().get(index).rows()));
            for (Wanted column : columns) readers.add(reader(index, column, !whole));
        } catch (IOException e) {
            throw errors.failed("reading the page index", e);
        }
    }

    private ColumnSource reader(int index, Wanted wanted, boolean skips) throws IOException {
        DataType type = wanted.field.type();
        if (wanted.node.isEmpty()) {
            Dictionary shared =
                    DataType.isText(type) ? dictionaries.dictionary(wanted.field.name()) : null;
            return new ConstantSource(wanted.value, type, shared, account);
        }
        Field stored = wanted.node.get().field();
        boolean same = type.equals(stored.type()) || DataType.isText(type);
        ColumnSource source = reader(index, wanted.node.get(), same ? type : stored.type(), skips);
        return same ? source : new WidenedSource(source, stored, type, account);
    }

    private ColumnSource reader(int index, FileNode node, DataType type, boolean skips)
            throws IOException {
        if (node instanceof FileNode.Leaf leaf && leaf.isFlat()) {
            FileColumn column = leaf.column();
            ColumnPlace place = footer.place(index, column);
            PageIndex pages =
                    skips ? footer.pageIndex(index, column, channel, false).orElse(null) : null;
            Dictionary shared =
                    DataType.isText(type) ? dictionaries.dictionary(column.name()) : null;
            return new ColumnReader(
                    pages(column, place), sink(column, type, place, shared), pages, account);
        }
        var leaves = new TreeMap<Integer, LeafReader>();
        try {
            for (FileNode.Leaf leaf : NestedReader.leaves(node)) {
                FileColumn column = leaf.column();
                ColumnPlace place = footer.place(index, column);
                ValueSink sink = sink(column, column.type(), place, null);
                leaves.put(
                        column.leaf(),
                        new LeafReader(leaf, place.entries(), pages(column, place), sink, account));
            }
        } catch (RuntimeException | Error e) {
            leaves.values().forEach(LeafReader::close);
            throw e;
        }
        return new NestedReader(node, leaves, errors, account);
    }

    private ColumnPages pages(FileColumn column, ColumnPlace place) {
        return new ColumnPages(channel, errors, column, place, scan.verifyChecksums(), account);
    }

    /// @param shared the codes of texts; without them texts come plain
    private ValueSink sink(
            FileColumn column, DataType type, ColumnPlace place, @Nullable Dictionary shared) {
        return switch (type) {
            case DataType.Bool _ -> new BoolSink(column, errors, account);
            case DataType.Utf8 _,
                    DataType.Categorical _,
                    DataType.Enumeration _,
                    DataType.Binary _ ->
                    new ArraySink(column, type, place.entries(), shared, errors, account, scratch);
            case DataType.Int _,
                    DataType.FloatingPoint _,
                    DataType.Decimal _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    new FixedSink(column, errors, account, scratch);
            case DataType.ListOf _, DataType.Struct _ ->
                    throw new IllegalArgumentException(type + " is no leaf");
        };
    }

    private void closeGroup() {
        for (ColumnSource reader : readers) {
            bytesRead += reader.bytesRead();
            reader.close();
        }
        readers.clear();
    }

    @Override
    public long bytesRead() {
        long bytes = bytesRead;
        for (ColumnSource reader : readers) bytes += reader.bytesRead();
        return bytes;
    }

    @Override
    public void close() {
        closeGroup();
        ranges.clear();
        group = part.to();
        dictionaries.close();
        close(channel, errors);
    }

    private static void close(FileChannel channel, FileErrors errors) {
        try {
            channel.close();
        } catch (IOException e) {
            throw errors.failed("closing the file", e);
        }
    }
}
