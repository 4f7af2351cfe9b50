package dev.quiver.pipeline;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Ledger records as bytes. A kind's number is never given to another.
final class LedgerCodec {
    private static final int STARTED = 1;
    private static final int UNIT_DONE = 2;
    private static final int PUBLISHING = 3;
    private static final int PUBLISHED = 4;
    private static final int FINISHED = 5;
    private static final int GIVEN_UP = 6;
    private static final int NOTE = 7;
    private static final int LOADED = 8;

    private LedgerCodec() {}

    static byte[] encode(LedgerRecord record) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            put(record, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(LedgerRecord record, DataOutputStream out) throws IOException {
        switch (record) {
            case LedgerRecord.Started(long run, RunKey key) -> {
                out.writeByte(STARTED);
                out.writeLong(run);
                put(key, out);
            }
            case LedgerRecord.UnitDone(int unit, var files) -> {
                out.writeByte(UNIT_DONE);
                out.writeInt(unit);
                out.writeInt(files.size());
                for (StagedFile file : files) put(file, out);
            }
            case LedgerRecord.Publishing() -> out.writeByte(PUBLISHING);
            case LedgerRecord.Published() -> out.writeByte(PUBLISHED);
            case LedgerRecord.Finished(long run, int units, long rows, long bad) -> {
                out.writeByte(FINISHED);
                out.writeLong(run);
                out.writeInt(units);
                out.writeLong(rows);
                out.writeLong(bad);
            }
            case LedgerRecord.GivenUp(long run) -> {
                out.writeByte(GIVEN_UP);
                out.writeLong(run);
            }
            case LedgerRecord.Loaded(var files) -> {
                out.writeByte(LOADED);
                putVersions(files, out);
            }
            case LedgerRecord.Note(String name, String value) -> {
                out.writeByte(NOTE);
                put(name, out);
                put(value, out);
            }
        }
    }

    private static void put(RunKey key, DataOutputStream out) throws IOException {
        out.writeInt(key.parameters().size());
        for (var parameter : key.parameters().entrySet()) {
            put(parameter.getKey(), out);
            put(parameter.getValue(), out);
        }
        put(key.began(), out);
        put(key.plan(), out);
        out.writeInt(key.reads().size());
        for (RunKey.Read read : key.reads()) {
            put(read.paths(), out);
            put(read.files(), out);
        }
        putVersions(key.inputs(), out);
        put(key.units(), out);
    }

    private static void putVersions(List<FileVersion> files, DataOutputStream out)
            throws IOException {
        out.writeInt(files.size());
        for (FileVersion file : files) {
            put(file.path(), out);
            out.writeLong(file.size());
            out.writeLong(file.modifiedNanos());
        }
    }

    private static void put(StagedFile file, DataOutputStream out) throws IOException {
        put(file.target(), out);
        put(file.name(), out);
        put(file.temporary(), out);
        out.writeLong(file.rows());
        out.writeLong(file.bytes());
        out.writeByte(file.kind().code());
        out.writeLong(file.checked());
    }

    private static void put(List<String> texts, DataOutputStream out) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) put(text, out);
    }

    private static void put(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// @throws IOException when the bytes aren't a record
    static LedgerRecord decode(byte[] bytes) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            LedgerRecord record = record(in);
            if (in.available() > 0)
                throw new IOException("%d bytes behind a record".formatted(in.available()));
            return record;
        }
    }

    private static LedgerRecord record(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case STARTED -> new LedgerRecord.Started(in.readLong(), key(in));
            case UNIT_DONE -> {
                int unit = in.readInt();
                var files = new ArrayList<StagedFile>();
                for (int left = count(in); left > 0; left--) files.add(file(in));
                yield new LedgerRecord.UnitDone(unit, files);
            }
            case PUBLISHING -> new LedgerRecord.Publishing();
            case PUBLISHED -> new LedgerRecord.Published();
            case FINISHED ->
                    new LedgerRecord.Finished(
                            in.readLong(), in.readInt(), in.readLong(), in.readLong());
            case GIVEN_UP -> new LedgerRecord.GivenUp(in.readLong());
            case LOADED -> new LedgerRecord.Loaded(versions(in));
            case NOTE -> new LedgerRecord.Note(text(in), text(in));
            default -> throw new IOException("a record of the unknown kind " + kind);
        };
    }

    private static RunKey key(DataInputStream in) throws IOException {
        SortedMap<String, String> parameters = new TreeMap<>();
        for (int left = count(in); left > 0; left--) parameters.put(text(in), text(in));
        String began = text(in);
        List<String> plan = texts(in);
        var reads = new ArrayList<RunKey.Read>();
        for (int left = count(in); left > 0; left--)
            reads.add(new RunKey.Read(texts(in), texts(in)));
        return new RunKey(parameters, began, plan, reads, versions(in), texts(in));
    }

    private static List<FileVersion> versions(DataInputStream in) throws IOException {
        var versions = new ArrayList<FileVersion>();
        for (int left = count(in); left > 0; left--)
            versions.add(new FileVersion(text(in), in.readLong(), in.readLong()));
        return versions;
    }

    private static StagedFile file(DataInputStream in) throws IOException {
        return new StagedFile(
                text(in),
                text(in),
                text(in),
                in.readLong(),
                in.readLong(),
                fileKind(in),
                in.readLong());
    }

    private static StagedFile.Kind fileKind(DataInputStream in) throws IOException {
        int code = in.readByte();
        for (StagedFile.Kind kind : StagedFile.Kind.values()) if (kind.code() == code) return kind;
        throw new IOException("rows of the unknown kind " + code);
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        var texts = new ArrayList<String>();
        for (int left = count(in); left > 0; left--) texts.add(text(in));
        return texts;
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(count(in)), StandardCharsets.UTF_8);
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available())
            throw new IOException("%d things in %d bytes".formatted(count, in.available()));
        return count;
    }
}
