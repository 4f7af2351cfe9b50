package dev.quiver.io.xml;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.RowOrigin;
import dev.quiver.io.RowOrigins;
import dev.quiver.io.UnreadableRows;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.csv.FieldText;
import dev.quiver.io.rows.BoolAppender;
import dev.quiver.io.rows.BrokenRow;
import dev.quiver.io.rows.ColumnAppender;
import dev.quiver.io.rows.FixedAppender;
import dev.quiver.io.rows.ListAppender;
import dev.quiver.io.rows.RowChunk;
import dev.quiver.io.rows.StructAppender;
import dev.quiver.io.rows.TextAppender;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads an XML file, plain or gzip, into chunks of typed columns.
///
/// A row is an element of the name that was given; its attributes and elements are columns by their
/// names. Elements without anything in them, and those that are `xsi:nil`, are null. Anything that
/// isn't of its column's type is an error that names file and line, or a row that goes another way;
/// what isn't XML is always an error.
public final class XmlReader implements ChunkReader {
    /// The field of a struct that has an element's own text.
    static final String TEXT_FIELD = "value";

    private final FileRange range;
    private final FileFormat.Xml format;
    private final Source.ScanFiles scan;
    private final RowChunk chunk;
    private final XmlRows rows;
    private final XmlOrigins origins;
    private Optional<UnreadableRows> unreadable = Optional.empty();
    private boolean watched;
    private boolean begun;
    private boolean ended;

    /// Opens partition `partition` of a scan, a whole file.
    ///
    /// @param account pays for the chunks and for a block of text
    /// @throws QuiverException FILE_NOT_FOUND, FILE_CHANGED
    public static XmlReader open(
            Source.ScanFiles scan,
            FileFormat.Xml format,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries) {
        String name = scan.ranges().getFirst().path();
        var chunk = new RowChunk(scan.schema(), account, dictionaries.open(name));
        try {
            FileRange range = scan.ranges().get(partition);
            var origins = new XmlOrigins(range.path(), account);
            var rows = new XmlRows(range, format, account);
            return new XmlReader(scan, format, range, chunk, rows, origins);
        } catch (RuntimeException | Error e) {
            chunk.close();
            throw e;
        }
    }

    private XmlReader(
            Source.ScanFiles scan,
            FileFormat.Xml format,
            FileRange range,
            RowChunk chunk,
            XmlRows rows,
            XmlOrigins origins) {
        this.scan = scan;
        this.format = format;
        this.range = range;
        this.chunk = chunk;
        this.rows = rows;
        this.origins = origins;
    }

    @Override
    public void watch(Optional<UnreadableRows> to) {
        if (begun) throw new IllegalStateException("rows were read before");
        watched = true;
        unreadable = to;
        rows.watch(to.isPresent());
    }

    @Override
    public RowOrigins origins() {
        return watched ? origins : RowOrigins.UNKNOWN;
    }

    @Override
    public @Nullable Chunk next() {
        if (ended) return null;
        begun = true;
        origins.begin();
        while (!chunk.isFull()) {
            XmlNode row = rows.next();
            if (row == null) {
                ended = true;
                ByteSource.checkUnchanged(range);
                break;
            }
            if (format.closed()) checkKnown(row);
            take(row);
        }
        return chunk.take();
    }

    private void take(XmlNode row) {
        try {
            for (ColumnAppender column : chunk.columns()) {
                String name = column.field().name();
                take(column, name, row.parts().getOrDefault(name, List.of()));
            }
        } catch (BrokenRow broken) {
            chunk.dropRow();
            RowOrigin origin = origins.origin(rows.line(), rows.text());
            unreadable.orElseThrow().add(origin, broken.column(), broken.rule());
            return;
        }
        chunk.endRow();
        if (watched) origins.add(origins.origin(rows.line(), rows.text()));
    }

    private void checkKnown(XmlNode row) {
        for (String name : row.parts().keySet())
            if (!scan.file().has(name)) throw rows.unknown(name, scan.file().names());
    }

    private void take(ColumnAppender column, String path, List<XmlNode> values) {
        if (values.isEmpty()) column.appendNull();
        else if (column instanceof ListAppender list) {
            for (XmlNode value : values) takeOne(list.elements(), path + "[]", value);
            list.endRow();
        } else if (values.size() == 1) takeOne(column, path, values.getFirst());
        else throw rows.badValue(path, "it stands %d times in one row".formatted(values.size()));
    }

    private void takeOne(ColumnAppender column, String path, XmlNode value) {
        if (value.isEmpty()) {
            column.appendNull();
            return;
        }
        switch (column) {
            case FixedAppender fixed -> {
                Object parsed = parsed(fixed.field(), path, value.text());
                try {
                    fixed.append(parsed);
                } catch (ArithmeticException e) {
                    throw bad(fixed.field(), path, value.text());
                }
            }
            case BoolAppender bool ->
                    bool.append((Boolean) parsed(bool.field(), path, value.text()));
            case TextAppender text -> {
                try {
                    if (text.field().type() instanceof DataType.Binary)
                        text.append(Base64.getDecoder().decode(value.text().strip()));
                    else text.append(value.text());
                } catch (IllegalArgumentException e) {
                    throw bad(text.field(), path, value.text());
                } catch (QuiverException e) {
                    if (e.code() != ErrorCode.BAD_VALUE) throw e;
                    throw rows.at(path, e);
                }
            }
            case ListAppender list -> take(list, path, List.of(value));
            case StructAppender struct -> {
                for (ColumnAppender field : struct.fields()) takeField(field, path, value);
                struct.endRow();
            }
        }
    }

    private void takeField(ColumnAppender field, String path, XmlNode value) {
        String name = field.field().name();
        List<XmlNode> parts = value.parts().getOrDefault(name, List.of());
        boolean isText = parts.isEmpty() && name.equals(TEXT_FIELD) && !value.text().isEmpty();
        if (isText) parts = List.of(XmlNode.ofText(value.text()));
        take(field, path + "." + name, parts);
    }

    private Object parsed(Field field, String path, String text) {
        Object value = FieldText.value(field.type(), text);
        if (value == null) throw bad(field, path, text);
        return value;
    }

    private RuntimeException bad(Field field, String path, String text) {
        DataType type = field.type();
        String shown = text.length() <= 60 ? text : text.substring(0, 60) + "…";
        return rows.badValue(path, "'%s' is not of type %s".formatted(shown, type));
    }

    @Override
    public long bytesRead() {
        return rows.bytesRead();
    }

    @Override
    public void close() {
        chunk.close();
        origins.close();
        rows.close();
    }
}
