package dev.quiver.arrow;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.Field;
import dev.quiver.worker.exec.ColumnBatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/// Columns as Arrow's vectors over the same memory.
final class ArrowExport {
    private final MemoryAccount account;
    private final BufferAllocator allocator;
    private final List<ArrowFieldNode> nodes = new ArrayList<>();
    private final List<ArrowBuf> buffers = new ArrayList<>();

    private ArrowExport(MemoryAccount account, BufferAllocator allocator) {
        this.account = account;
        this.allocator = allocator;
    }

    /// The columns of a batch; the caller closes the root, which holds shares of them until then.
    static VectorSchemaRoot root(ColumnBatch batch, BufferAllocator allocator) {
        var export = new ArrowExport(batch.scope().account(), allocator);
        List<Field> fields = batch.schema().fields();
        VectorSchemaRoot root =
                VectorSchemaRoot.create(
                        new Schema(fields.stream().map(ArrowTypes::field).toList()), allocator);
        var columns = new ArrayList<Column>();
        for (Field field : fields) columns.add(batch.column(field.name()));
        try (var record = export.record(columns, batch.rowCount())) {
            new VectorLoader(root).load(record);
            return root;
        } catch (RuntimeException | Error e) {
            root.close();
            throw e;
        }
    }

    /// The columns of a chunk, which stay its own; the caller closes the batch, which holds shares
    /// of them until then.
    static ArrowRecordBatch record(Chunk chunk, MemoryAccount account, BufferAllocator allocator) {
        return new ArrowExport(account, allocator).record(chunk.columns(), chunk.rows());
    }

    private ArrowRecordBatch record(List<Column> columns, int rows) {
        try {
            columns.forEach(this::add);
            return new ArrowRecordBatch(rows, nodes, buffers);
        } finally {
            buffers.forEach(ArrowBuf::close);
        }
    }

    private void add(Column column) {
        nodes.add(new ArrowFieldNode(column.rows(), column.nullCount()));
        Buffer validity = column.validity();
        if (validity == null || column.nullCount() == 0) buffers.add(allocator.getEmpty());
        else share(validity, Validity.bytes(column.rows()));
        switch (column) {
            case BoolColumn bools -> share(bools.valuesBuffer(), Validity.bytes(bools.rows()));
            case FixedColumn fixed -> addFixed(fixed);
            case VariableColumn variable -> {
                share(variable.offsetsBuffer(), (variable.rows() + 1) * 4L);
                int rows = variable.rows();
                share(variable.dataBuffer(), rows == 0 ? 0 : variable.end(rows - 1));
            }
            case DictionaryColumn encoded -> addPlain(encoded);
            case ListColumn list -> {
                addOffsets(list);
                add(list.elements());
            }
            case StructColumn struct -> struct.fields().forEach(this::add);
        }
    }

    /// A view of a buffer, which owns a share of it.
    private void share(Buffer buffer, long bytes) {
        if (bytes == 0) {
            buffers.add(allocator.getEmpty());
            return;
        }
        buffer.retain();
        buffers.add(allocator.wrapForeignAllocation(new Shared(buffer, bytes)));
    }

    /// Takes a buffer over that was made for this.
    private void give(Buffer buffer, long bytes) {
        share(buffer, bytes);
        buffer.close();
    }

    private static final class Shared extends ForeignAllocation {
        private final Buffer buffer;

        Shared(Buffer buffer, long bytes) {
            super(bytes, buffer.segment().address());
            this.buffer = buffer;
        }

        @Override
        protected void release0() {
            buffer.close();
        }
    }

    private void addFixed(FixedColumn column) {
        int width = ArrowTypes.width(column.type(), column.width());
        long bytes = (long) column.rows() * width;
        if (width == column.width()) {
            share(column.valuesBuffer(), bytes);
            return;
        }
        Buffer wide = account.allocate(Math.max(1, bytes));
        MemorySegment to = wide.segment();
        for (int row = 0; row < column.rows(); row++) {
            long value = column.values().get(Layouts.LONG, row * 8L);
            if (width == 4) to.set(Layouts.INT, row * 4L, (int) value);
            else {
                to.set(Layouts.LONG, row * 16L, value);
                to.set(Layouts.LONG, row * 16L + 8, value >> 63);
            }
        }
        give(wide, bytes);
    }

    private void addOffsets(ListColumn list) {
        Buffer offsets = account.allocate((list.rows() + 1) * 4L);
        if (list.rows() == 0) offsets.segment().set(Layouts.INT, 0, 0);
        else MemorySegment.copy(list.offsets(), 0, offsets.segment(), 0, (list.rows() + 1) * 4L);
        give(offsets, (list.rows() + 1) * 4L);
    }

    private void addPlain(DictionaryColumn column) {
        try (VariableColumn plain = Concat.plain(column, account)) {
            share(plain.offsetsBuffer(), (plain.rows() + 1) * 4L);
            share(plain.dataBuffer(), plain.end(plain.rows() - 1));
        }
    }
}
