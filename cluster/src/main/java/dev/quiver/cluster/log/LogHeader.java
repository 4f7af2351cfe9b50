package dev.quiver.cluster.log;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How a log's file begins: eight bytes that say what it is, and a block about who wrote it.
///
/// @param form a number that other forms of blocks don't have
/// @param version of Quiver, for people
/// @param members who agree on the log
record LogHeader(long form, String version, List<String> members) {
    private static final byte[] MAGIC = "QVRJOBS2".getBytes(StandardCharsets.US_ASCII);

    /// Where the first block begins.
    static final int MAGIC_BYTES = MAGIC.length;

    LogHeader {
        members = List.copyOf(members);
    }

    /// Begins a file.
    ///
    /// @return where its blocks go
    LogBlocks write(FileChannel out, Path file) throws IOException {
        out.write(ByteBuffer.wrap(MAGIC), 0);
        byte[] text = (version + '\n' + list()).getBytes(StandardCharsets.UTF_8);
        var header =
                ByteBuffer.allocate(Long.BYTES + text.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(form)
                        .put(text);
        var blocks = new LogBlocks(out, file, MAGIC.length);
        blocks.append(header.array());
        return blocks;
    }

    private String list() {
        return String.join(", ", members);
    }

    /// Reads the beginning of a file.
    ///
    /// @throws QuiverException when it is of another version, of other schedulers, or no log
    void check(FileChannel channel, LogBlocks blocks, Path file) throws IOException {
        var magic = ByteBuffer.allocate(MAGIC.length);
        int count = channel.read(magic, 0);
        if (count < MAGIC.length || !Arrays.equals(magic.array(), MAGIC))
            throw new DamagedLog(file, "%s isn't a log of jobs".formatted(file));
        Optional<byte[]> header = blocks.next();
        if (header.isEmpty() || header.get().length < Long.BYTES)
            throw new DamagedLog(
                    file, "the log of jobs in %s has lost its beginning".formatted(file));
        var bytes = ByteBuffer.wrap(header.get()).order(ByteOrder.LITTLE_ENDIAN);
        long theirs = bytes.getLong();
        String[] text = StandardCharsets.UTF_8.decode(bytes).toString().split("\n", 2);
        if (theirs != form) throw otherVersion(file, text[0]);
        if (!text[1].equals(list()))
            throw new QuiverException(
                    ErrorCode.CONFIG_INVALID,
                    "the log of jobs in %s isn't of these schedulers".formatted(file),
                    List.of("its schedulers: " + text[1], "these: " + list()),
                    "start each with the list that it was started with, or with another --dir");
    }

    private QuiverException otherVersion(Path file, String writer) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "the log of jobs in %s was written by Quiver %s, and this is %s"
                        .formatted(
                                file,
                                writer,
                                writer.equals(version) ? "another build of it" : version),
                List.of(),
                "run that version until its jobs have ended, or start with another --dir");
    }
}
