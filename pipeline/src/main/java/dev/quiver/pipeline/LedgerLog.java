package dev.quiver.pipeline;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// The file of a ledger: a header, then records, each behind its length and CRC. What was appended
/// is on the disk when [#append] returns; a record that a crash tore is cut off on the next open.
///
/// Big-endian: `QVLEDGER`, version (4 bytes), CRC-32C of these twelve; then for each record its
/// length (4), the CRC-32C of length and bytes (4), its bytes.
final class LedgerLog {
    private static final byte[] MAGIC = "QVLEDGER".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = MAGIC.length + 8;
    private static final int FRAME_BYTES = 8;

    private final Disk disk;
    private final Path file;
    private long length;

    private LedgerLog(Disk disk, Path file) {
        this.disk = disk;
        this.file = file;
    }

    /// A log and what was read from it.
    record Opened(LedgerLog log, List<LedgerRecord> records) {}

    /// Opens the log, which is made when there is none.
    static Opened open(Disk disk, Path file) throws IOException {
        var log = new LedgerLog(disk, file);
        var records = new ArrayList<LedgerRecord>();
        byte[] bytes = disk.exists(file) ? disk.read(file) : new byte[0];
        // A file without a whole header was torn while it was made, so nothing was said in it.
        if (bytes.length < HEADER_BYTES) {
            disk.replace(file, header());
            log.length = HEADER_BYTES;
            return new Opened(log, records);
        }
        log.checkHeader(bytes);
        log.length = log.readRecords(bytes, records);
        if (log.length < bytes.length) disk.write(file, log.length, new byte[0]);
        return new Opened(log, records);
    }

    private static byte[] header() {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(VERSION);
        header.putInt(crc(header.array(), 0, MAGIC.length + 4));
        return header.array();
    }

    private void checkHeader(byte[] bytes) {
        ByteBuffer header = ByteBuffer.wrap(bytes);
        boolean ours =
                ByteBuffer.wrap(bytes, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))
                        && header.getInt(MAGIC.length + 4) == crc(bytes, 0, MAGIC.length + 4);
        if (!ours) throw corrupt(0, "it doesn't begin as a ledger does");
        int version = header.getInt(MAGIC.length);
        if (version == VERSION) return;
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "the ledger '%s' has format %d, and this Quiver knows format %d"
                        .formatted(file, version, VERSION),
                List.of(),
                "use the version of Quiver that wrote it, or another ledger(…) directory");
    }

    /// @return where the last whole record ends
    private long readRecords(byte[] bytes, List<LedgerRecord> records) {
        int at = HEADER_BYTES;
        while (bytes.length - at >= FRAME_BYTES) {
            ByteBuffer frame = ByteBuffer.wrap(bytes, at, FRAME_BYTES);
            int size = frame.getInt();
            int crc = frame.getInt();
            int end = at + FRAME_BYTES + size;
            boolean whole = size > 0 && size <= bytes.length - at - FRAME_BYTES;
            if (!whole || crc != frameCrc(bytes, at, size)) {
                if (whole && end < bytes.length && !zeros(bytes, at))
                    throw corrupt(at, "a record's CRC is wrong, and more records follow");
                return at;
            }
            records.add(decoded(bytes, at, size));
            at = end;
        }
        return at;
    }

    private LedgerRecord decoded(byte[] bytes, int at, int size) {
        var record = new byte[size];
        System.arraycopy(bytes, at + FRAME_BYTES, record, 0, size);
        try {
            return LedgerCodec.decode(record);
        } catch (IOException e) {
            throw corrupt(at, String.valueOf(e.getMessage()));
        }
    }

    private static boolean zeros(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) if (bytes[i] != 0) return false;
        return true;
    }

    private static int crc(byte[] bytes, int from, int count) {
        var crc = new CRC32C();
        crc.update(bytes, from, count);
        return (int) crc.getValue();
    }

    private static int frameCrc(byte[] bytes, int at, int size) {
        var crc = new CRC32C();
        crc.update(bytes, at, Integer.BYTES);
        crc.update(bytes, at + FRAME_BYTES, size);
        return (int) crc.getValue();
    }

    private QuiverException corrupt(int at, String why) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "the ledger '%s' is damaged at byte %d: %s".formatted(file, at, why),
                List.of(),
                "bring it back from a backup; without it a run begins from nothing, so look first"
                        + " at what is loaded already");
    }

    private static byte[] framed(LedgerRecord record) {
        byte[] bytes = LedgerCodec.encode(record);
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES + bytes.length);
        frame.putInt(bytes.length).putInt(0).put(bytes);
        frame.putInt(Integer.BYTES, frameCrc(frame.array(), 0, bytes.length));
        return frame.array();
    }

    /// Puts a record behind the others. After a failure the log is as it was before, and the same
    /// record may be appended again.
    void append(LedgerRecord record) throws IOException {
        byte[] bytes = framed(record);
        disk.write(file, length, bytes);
        length += bytes.length;
    }

    /// Puts these records in the place of all.
    void rewrite(List<LedgerRecord> records) throws IOException {
        var all = new ByteArrayOutputStream();
        all.writeBytes(header());
        for (LedgerRecord record : records) all.writeBytes(framed(record));
        disk.replace(file, all.toByteArray());
        length = all.size();
    }
}
