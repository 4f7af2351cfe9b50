package dev.quiver.arrow;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.dataframe.Batch;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TypeMismatch;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.exec.ColumnBatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/// Arrow's vectors as columns of counted memory.
final class ArrowImport {
    private final MemoryAccount account;
    private final Deque<ArrowFieldNode> nodes;
    private final Deque<ArrowBuf> buffers;
    private final List<Buffer> made = new ArrayList<>();

    private ArrowImport(ArrowRecordBatch batch, MemoryAccount account) {
        this.account = account;
        this.nodes = new ArrayDeque<>(batch.getNodes());
        this.buffers = new ArrayDeque<>(batch.getBuffers());
    }

    /// The promised columns of a root, copied.
    ///
    /// @param call the batch that the function got
    static Batch batch(VectorSchemaRoot root, ColumnBatch call) {
        int rows = root.getRowCount();
        var made = (ColumnBatch) call.ofRows(rows);
        var encoded = new ArrayList<Field>();
        var fields = new ArrayList<Field>();
        var columns = new ArrayList<Column>();
        for (Field field : call.scope().makes().fields()) {
            FieldVector vector = vector(root, field);
            if (isEncoded(field.type())) {
                encoded.add(field);
                continue;
            }
            fields.add(field);
            columns.add(call.scope().own(column(vector, field.type(), call.scope().account())));
        }
        Batch batch = new ColumnBatch(new Schema(fields), columns, rows, made.scope());
        for (Field field : encoded)
            batch = batch.with(field.name(), texts(vector(root, field), rows));
        return batch;
    }

    private static boolean isEncoded(DataType type) {
        return type instanceof DataType.Categorical || type instanceof DataType.Enumeration;
    }

    private static List<@Nullable String> texts(FieldVector vector, int rows) {
        var texts = new ArrayList<@Nullable String>(rows);
        for (int row = 0; row < rows; row++) {
            Object text = vector.getObject(row);
            texts.add(text == null ? null : text.toString());
        }
        return texts;
    }

    private static FieldVector vector(VectorSchemaRoot root, Field field) {
        FieldVector vector = root.getVector(field.name());
        if (vector == null)
            throw new QuiverException(
                    ErrorCode.COLUMN_NOT_FOUND,
                    "the Arrow function of mapBatches made no vector '%s'".formatted(field.name()),
                    List.of("has: " + root.getSchema().getFields()),
                    "make it, or leave it out of the schema that mapBatches is told");
        requireType(field.name(), field.type(), vector.getField());
        if (vector.getValueCount() == root.getRowCount()) return vector;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "vector '%s' has %,d values, its root %,d rows"
                        .formatted(field.name(), vector.getValueCount(), root.getRowCount()),
                List.of(),
                "call setValueCount(…) on vectors and setRowCount(…) on the root");
    }

    private static void requireType(
            String name, DataType wanted, org.apache.arrow.vector.types.pojo.Field given) {
        ArrowType type = ArrowTypes.type(wanted);
        if (given.getDictionary() != null || !given.getType().equals(type))
            throw new TypeMismatch(
                    "vector '%s' is %s%s, and was to be %s"
                            .formatted(
                                    name,
                                    given.getDictionary() == null ? "" : "a dictionary of ",
                                    given.getType(),
                                    type),
                    List.of(),
                    "make a vector of Arrow's type " + type);
        if (wanted instanceof DataType.ListOf(var element))
            requireType(name + "[]", element.type(), given.getChildren().getFirst());
        if (!(wanted instanceof DataType.Struct(var fields))) return;
        if (given.getChildren().size() != fields.size())
            throw new TypeMismatch(
                    "vector '%s' has %d fields, and was to have %d"
                            .formatted(name, given.getChildren().size(), fields.size()),
                    List.of(),
                    "make the fields " + wanted);
        for (int i = 0; i < fields.size(); i++)
            requireType(
                    name + "." + fields.get(i).name(),
                    fields.get(i).type(),
                    given.getChildren().get(i));
    }

    private static Column column(FieldVector vector, DataType type, MemoryAccount account) {
        // a root of its own: closing it would close the vector, which isn't ours
        var alone = VectorSchemaRoot.of(vector);
        try (ArrowRecordBatch batch = new VectorUnloader(alone).getRecordBatch()) {
            var reading = new ArrowImport(batch, account);
            try {
                return reading.column(type);
            } catch (RuntimeException | Error e) {
                reading.made.forEach(Buffer::close);
                throw e;
            }
        }
    }

    private Column column(DataType type) {
        ArrowFieldNode node = nodes.removeFirst();
        int rows = node.getLength();
        Buffer validity = validity(rows, node.getNullCount());
        return switch (type) {
            case DataType.Bool _ ->
                    new BoolColumn(rows, copy(Validity.bytes(rows), (rows + 7) / 8), validity);
            case DataType.Utf8 _, DataType.Binary _ -> variable(type, rows, validity);
            case DataType.ListOf list -> list(list, rows, validity);
            case DataType.Struct struct -> struct(struct, rows, validity);
            case DataType.Categorical _, DataType.Enumeration _ ->
                    throw new TypeMismatch(
                            "%s inside of lists and structs can't come from Arrow".formatted(type),
                            List.of(),
                            "declare it as utf8");
            case DataType.Int _,
                    DataType.FloatingPoint _,
                    DataType.Decimal _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    fixed(type, rows, validity);
        };
    }

    private Buffer allocate(long bytes) {
        Buffer buffer = account.allocateZeroed(Math.max(1, bytes));
        made.add(buffer);
        return buffer;
    }

    private static MemorySegment segment(ArrowBuf buffer, long bytes) {
        if (buffer.readableBytes() < bytes && buffer.capacity() < bytes)
            throw new QuiverException(
                    ErrorCode.BAD_VALUE,
                    "a vector's buffer has %,d bytes, its rows need %,d"
                            .formatted(buffer.capacity(), bytes),
                    List.of(),
                    "call setValueCount(…) after the vector was filled");
        return MemorySegment.ofBuffer(buffer.nioBuffer(0, Math.toIntExact(bytes)));
    }

    /// A copy of the next buffer's first bytes.
    private Buffer copy(long capacity, long bytes) {
        ArrowBuf from = buffers.removeFirst();
        Buffer to = allocate(capacity);
        if (bytes > 0) MemorySegment.copy(segment(from, bytes), 0, to.segment(), 0, bytes);
        return to;
    }

    private @Nullable Buffer validity(int rows, int nulls) {
        if (nulls > 0) return copy(Validity.bytes(rows), (rows + 7) / 8);
        buffers.removeFirst();
        return null;
    }

    private Column fixed(DataType type, int rows, @Nullable Buffer validity) {
        int width = FixedColumn.width(type);
        int theirs = ArrowTypes.width(type, width);
        if (theirs == width)
            return new FixedColumn(
                    type, rows, copy((long) rows * width, (long) rows * width), validity);
        ArrowBuf from = buffers.removeFirst();
        Buffer values = allocate((long) rows * width);
        MemorySegment in = segment(from, (long) rows * theirs);
        for (int row = 0; row < rows; row++)
            values.segment()
                    .set(
                            Layouts.LONG,
                            row * 8L,
                            theirs == 4
                                    ? in.get(Layouts.INT, row * 4L)
                                    : in.get(Layouts.LONG, row * 16L));
        return new FixedColumn(type, rows, values, validity);
    }

    private Buffer offsets(int rows) {
        Buffer offsets = copy((rows + 1) * 4L, rows == 0 ? 0 : (rows + 1) * 4L);
        int before = 0;
        for (int row = 0; row <= rows; row++) {
            int at = offsets.segment().get(Layouts.INT, row * 4L);
            if (at < before)
                throw new QuiverException(
                        ErrorCode.BAD_VALUE,
                        "the offsets of a vector aren't in order",
                        List.of(),
                        "fill it by setSafe(…), and call setValueCount(…) at the end");
            before = at;
        }
        return offsets;
    }

    private Column variable(DataType type, int rows, @Nullable Buffer validity) {
        Buffer offsets = offsets(rows);
        int end = offsets.segment().get(Layouts.INT, rows * 4L);
        Buffer data = copy(end + (long) VariableColumn.PADDING_BYTES, end);
        return new VariableColumn(type, rows, offsets, data, validity);
    }

    private Column list(DataType.ListOf list, int rows, @Nullable Buffer validity) {
        Buffer offsets = offsets(rows);
        Column elements = column(list.element().type());
        if (offsets.segment().get(Layouts.INT, rows * 4L) > elements.rows())
            throw new QuiverException(
                    ErrorCode.BAD_VALUE,
                    "a list vector has fewer elements than its offsets say",
                    List.of(),
                    "call setValueCount(…) on the vector of its elements");
        return new ListColumn(list, rows, offsets, elements, validity);
    }

    private Column struct(DataType.Struct struct, int rows, @Nullable Buffer validity) {
        var fields = new ArrayList<Column>();
        for (Field field : struct.fields()) fields.add(column(field.type()));
        return new StructColumn(struct, rows, fields, validity);
    }
}
