package dev.quiver.worker.exec;

import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import org.jspecify.annotations.Nullable;

/// Begins columns of what user code returns; texts share a dictionary where their type wants one.
final class ColumnBuilders implements AutoCloseable {
    private final MemoryAccount account;
    private @Nullable Dictionary dictionary;

    ColumnBuilders(MemoryAccount account) {
        this.account = account;
    }

    ColumnBuilder of(DataType type) {
        boolean encoded =
                type instanceof DataType.Categorical || type instanceof DataType.Enumeration;
        if (!encoded) return ColumnBuilder.of(type, account);
        if (dictionary == null) dictionary = new Dictionary(account);
        return ColumnBuilder.encoded(type, account, dictionary);
    }

    @Override
    public void close() {
        if (dictionary != null) dictionary.close();
        dictionary = null;
    }
}
