package dev.quiver.worker.user.ship;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A session's bundles on a worker: fetches them, refuses bytes whose hash isn't their name, and
/// keeps files of the class path in a folder, under the hash of what they hold. Thread-safe.
///
/// Sessions and workers may share the folder; whoever deletes it takes nothing from classes that
/// are loaded.
public final class BundleStore {
    private static final int BATCH = 256;

    private final Path folder;
    private final BundleSource source;
    private final Map<StoredFile, Path> files = new ConcurrentHashMap<>();

    /// @param folder made when it is first needed
    public BundleStore(Path folder, BundleSource source) {
        this.folder = folder;
        this.source = source;
    }

    /// @throws QuiverException with the code `UNAVAILABLE` when nobody answers, `FILE_CORRUPT` when
    ///   the bytes are others
    byte[] bytes(BundleHash hash) {
        return bytes(List.of(hash)).getFirst();
    }

    /// Those of several, in the order of the hashes.
    List<byte[]> bytes(List<BundleHash> hashes) {
        var all = new ArrayList<byte[]>(hashes.size());
        for (int from = 0; from < hashes.size(); from += BATCH) {
            List<BundleHash> batch = hashes.subList(from, Math.min(hashes.size(), from + BATCH));
            List<byte[]> answers = fetch(batch);
            for (int i = 0; i < batch.size(); i++) all.add(checked(batch.get(i), answers.get(i)));
        }
        return all;
    }

    private List<byte[]> fetch(List<BundleHash> hashes) {
        try {
            List<byte[]> answers = source.bytes(hashes);
            if (answers.size() == hashes.size()) return answers;
            throw new IOException(
                    "%d answers to %d hashes".formatted(answers.size(), hashes.size()));
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.UNAVAILABLE,
                    "the client's classes can't be fetched",
                    List.of("bundle: " + hashes.getFirst(), "because: " + e.getMessage()),
                    "check that the client still runs and can be reached",
                    e);
        }
    }

    private static byte[] checked(BundleHash hash, byte[] bytes) {
        if (bytes.length <= Bundles.BYTES_MAX && BundleHash.of(bytes).equals(hash)) return bytes;
        throw new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "a bundle of classes arrived with other bytes than its name says",
                List.of("bundle: " + hash, "bytes: " + bytes.length),
                "connect again; if it goes on, look for what changes bytes on the way");
    }

    /// The bytes of a file.
    byte[] content(StoredFile stored) {
        if (stored.parts().size() == 1) return bytes(stored.parts().getFirst());
        byte[] all = new byte[Math.toIntExact(stored.bytes())];
        int at = 0;
        for (BundleHash part : stored.parts()) {
            byte[] bytes = bytes(part);
            System.arraycopy(bytes, 0, all, at, bytes.length);
            at += bytes.length;
        }
        return all;
    }

    /// A file of the folder with the content.
    ///
    /// @param ending of its name, such as `.jar`
    Path file(StoredFile stored, String ending) {
        return files.computeIfAbsent(stored, content -> fetched(content, ending));
    }

    private Path fetched(StoredFile stored, String ending) {
        Path file = folder.resolve(name(stored) + ending);
        try {
            if (Files.exists(file) && StoredFile.of(file).equals(stored)) return file;
            Files.createDirectories(folder);
            Path unfinished = Files.createTempFile(folder, "fetch-", ending);
            try {
                write(stored, unfinished);
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
            return file;
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "a file of the client's class path can't be kept",
                    List.of("folder: " + folder, "because: " + e),
                    "make room in the worker's folder for bundles, or let it write there",
                    e);
        }
    }

    private void write(StoredFile stored, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (BundleHash part : stored.parts()) out.write(bytes(part));
        }
    }

    private static String name(StoredFile stored) {
        return BundleHash.of(
                        Wire.written(out -> {
                            for (BundleHash part : stored.parts()) Wire.write(out, part);
                        }))
                .toString();
    }
}
