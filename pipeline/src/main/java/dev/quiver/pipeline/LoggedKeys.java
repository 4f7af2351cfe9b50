package dev.quiver.pipeline;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.worker.store.SeenKeyTable;
import dev.quiver.worker.store.SeenKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.zip.CRC32C;

/// The keys that a load has seen, in memory and, unit by unit, in a file beside the ledger: another
/// process that goes on with the run reads them back.
///
/// The file holds a block a unit: unit, length and CRC-32C of what follows (4 bytes each,
/// big-endian), then for each key its position (8), length (4) and bytes. A torn block at the end
/// is overwritten.
final class LoggedKeys implements SeenKeys, AutoCloseable {
    private static final int BLOCK_HEADER_BYTES = 12;
    private static final int KEY_HEADER_BYTES = 12;

    /// What a table may read behind a key.
    private static final int SLACK_BYTES = 16;

    private final Disk disk;
    private final Path file;
    private final MemoryAccount account;
    private final SeenKeyTable table;
    private final ByteArrayOutputStream fresh = new ByteArrayOutputStream();
    private long length;

    private LoggedKeys(Disk disk, Path file, MemoryAccount account) {
        this.disk = disk;
        this.file = file;
        this.account = account;
        this.table = new SeenKeyTable(account);
    }

    /// Opens the keys of a load.
    ///
    /// @param account is closed with it
    /// @param done whether a unit is done; the keys of others are forgotten
    static LoggedKeys open(Disk disk, Path file, MemoryAccount account, IntPredicate done) {
        var keys = new LoggedKeys(disk, file, account);
        try {
            if (disk.exists(file)) keys.read(ByteBuffer.wrap(disk.read(file)), done);
            return keys;
        } catch (IOException e) {
            keys.close();
            throw failed("read", file, e);
        }
    }

    private void read(ByteBuffer bytes, IntPredicate done) {
        while (bytes.remaining() >= BLOCK_HEADER_BYTES) {
            int unit = bytes.getInt();
            int size = bytes.getInt();
            int crc = bytes.getInt();
            if (size < 0 || size > bytes.remaining()) return;
            ByteBuffer block = bytes.slice(bytes.position(), size);
            if (crc != crc(block.duplicate())) return;
            if (done.test(unit)) readKeys(block);
            bytes.position(bytes.position() + size);
            length = bytes.position();
        }
    }

    private void readKeys(ByteBuffer block) {
        while (block.hasRemaining()) {
            long position = block.getLong();
            int size = block.getInt();
            var key = new byte[size + SLACK_BYTES];
            block.get(key, 0, size);
            table.first(MemorySegment.ofArray(key), 0, size, position);
        }
    }

    private static int crc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Override
    public long first(MemorySegment key, long offset, int size, long position) {
        long before = table.size();
        long found = table.first(key, offset, size, position);
        if (table.size() > before) {
            byte[] bytes = key.asSlice(offset, size).toArray(ValueLayout.JAVA_BYTE);
            ByteBuffer header = ByteBuffer.allocate(KEY_HEADER_BYTES);
            fresh.writeBytes(header.putLong(position).putInt(size).array());
            fresh.writeBytes(bytes);
        }
        return found;
    }

    /// Brings the keys that a unit was the first to have to the disk.
    void commit(int unit) {
        byte[] keys = fresh.toByteArray();
        ByteBuffer block = ByteBuffer.allocate(BLOCK_HEADER_BYTES + keys.length);
        block.putInt(unit).putInt(keys.length).putInt(crc(ByteBuffer.wrap(keys))).put(keys);
        try {
            disk.write(file, length, block.array());
        } catch (IOException e) {
            throw failed("write", file, e);
        }
        length += block.capacity();
        fresh.reset();
    }

    private static QuiverException failed(String verb, Path file, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "can't %s the keys in '%s': %s".formatted(verb, file, cause),
                List.of(),
                "check its permissions and the space on its disk",
                cause);
    }

    @Override
    public void close() {
        table.close();
        account.close();
    }
}
