package dev.quiver.io.xml;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.RowOrigin;
import dev.quiver.io.RowOrigins;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the rows of a chunk stand in a file, with their text, which is held as counted memory
/// until the next chunk begins.
final class XmlOrigins implements RowOrigins, AutoCloseable {
    private static final int ROW_BYTES = 64;

    private final String path;
    private final MemoryAccount account;
    private final List<RowOrigin> rows = new ArrayList<>();
    private long bytes;

    XmlOrigins(String path, MemoryAccount account) {
        this.path = path;
        this.account = account;
    }

    RowOrigin origin(int line, String text) {
        return new RowOrigin(path, line, Optional.of(text));
    }

    void add(RowOrigin origin) {
        long more = ROW_BYTES + 2L * origin.text().map(String::length).orElse(0);
        account.reserve(more);
        bytes += more;
        rows.add(origin);
    }

    /// A chunk begins.
    void begin() {
        account.release(bytes);
        bytes = 0;
        rows.clear();
    }

    @Override
    public Optional<RowOrigin> of(int row) {
        return Optional.of(rows.get(row));
    }

    @Override
    public void close() {
        begin();
    }
}
